using System.CommandLine;
using System.Globalization;
using Strowger.Server.Backup;
using Strowger.Server.Cli.Sending;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger restore</c>.</summary>
internal static class RestoreVerb
{
    public static Command Create(CliContext context)
    {
        var from = new Argument<string>("DIR") { Description = "Directory of backups" };
        var at = new Option<string?>("--at") { Description = "The newest backup begun at this time or before, such as 2026-11-20T22:00:00Z", HelpName = "TIME" };
        var verify = new Option<bool>("--verify") { Description = "Writes nothing: checks every checksum and every record, and says what the backup holds" };
        var command = new Command("restore", "Makes a new data directory, named by --data, from a backup") { from, at, verify };
        command.SetAction(async (parsed, ct) =>
        {
            var store = new BackupStore(Path.GetFullPath(parsed.GetRequiredValue(from), context.WorkingDirectory));
            var manifest = store.Find(ReadTime(parsed.GetValue(at)));
            if (parsed.GetValue(verify))
            {
                return await VerifyAsync(context, store, manifest, parsed.GetValue(GlobalOptions.Json), ct);
            }

            if (parsed.GetValue(GlobalOptions.Data) is null)
            {
                throw new CliException("Name the new data directory with --data DIR.", isUsage: true);
            }

            var data = GlobalOptions.DataDirectory(parsed, context);
            await ProgressView.RunAsync(context, "Restore", progress => RestoreRun.RunAsync(store, manifest, data, context.Time, progress, ct));
            context.Out.WriteLine($"{data} is as it was at {manifest.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC: {manifest.Files.Count} files, {ByteText.Of(manifest.Bytes)}.");
            context.Error.WriteLine("Start only one server on this service's texts: what was not sent when the backup was made is sent now, also if the old server has sent it since.");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<int> VerifyAsync(CliContext context, BackupStore store, BackupManifest manifest, bool asJson, CancellationToken ct)
    {
        BackupContents? contents = null;
        await ProgressView.RunAsync(context, "Verify", async progress => contents = await BackupVerification.RunAsync(store, manifest, context.Time, progress, ct));
        context.Out.WriteLine(asJson ? contents!.ToJson() : contents!.InWords());
        foreach (var problem in contents.Problems)
        {
            context.Error.WriteLine(problem);
        }

        context.Error.WriteLine(contents.IsWhole ? "Every checksum is right." : "This backup is damaged. Restore another one with --at, and look after the disk.");
        return contents.IsWhole ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>A time without a zone is UTC.</summary>
    private static DateTimeOffset? ReadTime(string? text) =>
        text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new CliException($"--at is '{text}'; a time is like 2026-11-20T22:00:00Z.", isUsage: true);
}

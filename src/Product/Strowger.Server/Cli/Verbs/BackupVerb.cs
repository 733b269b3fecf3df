using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Strowger.Server.Backup;
using Strowger.Server.Cli.Sending;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger backup</c>.</summary>
internal static class BackupVerb
{
    public static Command Create(CliContext context)
    {
        var target = new Argument<string>("DIR") { Description = "Directory of backups; each one adds only what has changed" };
        var rate = new Option<double>("--rate")
        {
            Description = "MiB read a second at most, so that texts go out as before",
            HelpName = "N",
            DefaultValueFactory = _ => BackupLimits.DefaultRate,
        };
        var keep = new Option<int?>("--keep") { Description = "Takes away all but the newest N backups afterwards", HelpName = "N" };
        var command = new Command("backup", "Copies the data directory while the server runs, or while it does not") { target, rate, keep };
        command.SetAction(async (parsed, ct) =>
        {
            var options = new BackupOptions(
                GlobalOptions.DataDirectory(parsed, context),
                Path.GetFullPath(parsed.GetRequiredValue(target), context.WorkingDirectory),
                parsed.GetValue(rate) * (1 << 20),
                parsed.GetValue(keep));
            Check(options);
            BackupReport? report = null;
            await ProgressView.RunAsync(context, "Backup", async progress => report = await BackupRun.RunAsync(options, context.Time, progress, ct));
            Tell(context, report!, options, parsed.GetValue(GlobalOptions.Json));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Check(BackupOptions options)
    {
        if (!(options.Rate is > 0 and <= BackupLimits.MaxRate * (1 << 20)))
        {
            throw new CliException($"--rate is more than 0 and at most {BackupLimits.MaxRate} MiB a second.", isUsage: true);
        }

        if (options.Keep is < 1)
        {
            throw new CliException("--keep is at least 1: the backup just made.", isUsage: true);
        }

        if (!Directory.Exists(options.Data))
        {
            throw new CliException($"There is no data directory {options.Data}. Name it with --data DIR.");
        }

        if ((options.Target + "/").StartsWith(options.Data + "/", StringComparison.Ordinal))
        {
            throw new CliException($"{options.Target} lies within the data directory: what takes one takes the other. Name a directory on another disk.", isUsage: true);
        }
    }

    private static void Tell(CliContext context, BackupReport report, BackupOptions options, bool asJson)
    {
        var manifest = report.Manifest;
        if (asJson)
        {
            context.Out.WriteLine(new JsonObject
            {
                ["time"] = manifest.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["manifest"] = Path.Combine(options.Target, manifest.Name + BackupManifest.Extension),
                ["files"] = manifest.Files.Count,
                ["bytes"] = manifest.Bytes,
                ["bytes_read"] = report.ReadBytes,
                ["live"] = report.IsLive,
                ["seconds"] = Math.Round(report.Took.TotalSeconds, 3),
                ["removed_backups"] = report.PrunedBackups,
                ["removed_bytes"] = report.FreedBytes,
            }.ToJsonString());
            return;
        }

        context.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.Combine(options.Target, manifest.Name + BackupManifest.Extension)}: {manifest.Files.Count} files, {ByteText.Of(manifest.Bytes)}, of which {ByteText.Of(report.ReadBytes)} were read in {report.Took.TotalSeconds:0.0} s, {(report.IsLive ? "while the server runs" : "no server runs")}."));
        if (report.PrunedBackups > 0 || report.FreedBytes > 0)
        {
            context.Out.WriteLine($"{report.PrunedBackups} older backups were taken away: {ByteText.Of(report.FreedBytes)}.");
        }

        context.Error.WriteLine($"'strowger restore {options.Target} --verify' reads it all and says what it holds.");
    }
}

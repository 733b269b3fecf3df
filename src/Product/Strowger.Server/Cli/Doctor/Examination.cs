using System.Runtime.CompilerServices;
using Strowger.Records;
using Strowger.Records.Sqlite;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Doctor;

/// <summary>Looks at everything a server needs, one after the other.</summary>
internal static class Examination
{
    public const string Configuration = "configuration";

    public static async IAsyncEnumerable<Finding> RunAsync(ConfigurationSources sources, [EnumeratorCancellation] CancellationToken ct)
    {
        var result = ConfigurationLoader.Load(sources);
        foreach (var problem in result.Problems)
        {
            yield return new Finding(Configuration, Verdict.Wrong, $"{problem.Key} ({problem.Source}){(problem.Found is null ? "" : ": found " + problem.Found)}", problem.Allowed);
        }

        if (result.Value is { } configuration)
        {
            yield return new Finding(Configuration, Verdict.Good, configuration.ToString());
        }

        var data = result.Value?.DataDirectory ?? Path.GetFullPath(sources.DataDirectory ?? GlobalOptions.DefaultData, sources.WorkingDirectory);
        yield return Library();
        foreach (var finding in DiskExamination.Run(data))
        {
            yield return finding;
        }

        foreach (var finding in DataExamination.Run(data))
        {
            yield return finding;
        }

        yield return MachineExamination.Clock(data);
        yield return MachineExamination.OpenFiles();
        if (result.Value is not { } usable)
        {
            yield break;
        }

        yield return NetworkExamination.HttpPort(usable);
        foreach (var finding in CertificateExamination.Run(usable.Http, TimeProvider.System.GetUtcNow()))
        {
            yield return finding;
        }

        await foreach (var finding in CarriersAsync(usable, ct))
        {
            yield return finding;
        }
    }

    private static async IAsyncEnumerable<Finding> CarriersAsync(ServerConfiguration usable, [EnumeratorCancellation] CancellationToken ct)
    {
        if (await AskServerAsync(usable, ct) is { } findings)
        {
            foreach (var finding in findings)
            {
                yield return finding;
            }

            yield break;
        }

        foreach (var channel in usable.Channels.Where(channel => channel.Kind == ChannelKind.Smpp))
        {
            var reached = await NetworkExamination.CarrierAsync(channel, ct);
            yield return reached;
            if (reached.Verdict == Verdict.Good)
            {
                yield return await BindExamination.TryAsync(channel, ct);
            }
        }
    }

    /// <summary>Null when none runs on this data directory.</summary>
    private static async Task<List<Finding>?> AskServerAsync(ServerConfiguration usable, CancellationToken ct)
    {
        var socket = Path.Combine(usable.DataDirectory, ApiClient.SocketName);
        if (!File.Exists(socket))
        {
            return null;
        }

        try
        {
            using var api = ApiClient.OverSocket(socket);
            var findings = new List<Finding>();
            await foreach (var finding in BindExamination.OfServerAsync(api, ct))
            {
                findings.Add(finding);
            }

            return findings;
        }
        catch (ApiException)
        {
            // Left behind by a kill.
            return null;
        }
    }

    private static Finding Library()
    {
        try
        {
            return new Finding("SQLite", Verdict.Good, $"libsqlite3.so.0 version {SqliteLibrary.EnsureLoaded()}");
        }
        catch (RecordsException error)
        {
            return new Finding("SQLite", Verdict.Wrong, "the system library cannot be used", error.Message);
        }
    }
}

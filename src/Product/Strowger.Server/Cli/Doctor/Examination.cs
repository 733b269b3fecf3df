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

        yield return MachineExamination.Clock(data);
        yield return MachineExamination.OpenFiles();
        if (result.Value is not { } usable)
        {
            yield break;
        }

        yield return NetworkExamination.HttpPort(usable);
        foreach (var channel in usable.Channels.Where(channel => channel.Kind == ChannelKind.Smpp))
        {
            yield return await NetworkExamination.CarrierAsync(channel, ct);
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

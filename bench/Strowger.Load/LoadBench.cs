using Strowger.Load.Measurements;
using Strowger.Load.Reports;

namespace Strowger.Load;

/// <summary>A measurement: what it is called and what does it.</summary>
/// <param name="Name">What <c>--only</c> takes.</param>
/// <param name="What">In words.</param>
/// <param name="IsExtra">Runs only when it is asked for.</param>
internal sealed record Measurement(string Name, string What, Func<LoadRun, CancellationToken, Task> RunAsync, bool IsExtra = false);

/// <summary>The measurements of <c>strowger bench sms</c>, in the order in which they run.</summary>
public static class LoadBench
{
    private static readonly Measurement[] _measurements =
    [
        new("disk", "the machine and what its disk takes to make 4 KiB durable", MachineAndDisk.RunAsync),
        new("engine", "the engine alone: jobs that do nothing", EngineAlone.RunAsync),
        new("codec", "submit_sm decode and encode", SubmitCodec.RunAsync),
        new("batch", "one batch → durable → SMPP → carrier's ack", BatchToCarrier.RunAsync),
        new("single", "one text a call on many connections", SinglePosts.RunAsync),
        new("door", "texts over SMPP: one submit_sm each on a few binds", DoorSubmits.RunAsync),
        new("pacing", "how much of the carrier's contract is used", Pacing.RunAsync),
        new("idle", "from a POST to the wire on an idle channel", IdleLatency.RunAsync),
        new("backlog", "intake, memory, restart and urgent texts with a million queued", Backlog.RunAsync),
        new("campaign", "a file of two million rows: taken in, memory, pause and cancel", Campaigns.RunAsync),
        new("csv", "a campaign's file of a gigabyte as spreadsheets write them", WildFile.RunAsync),
        new("status", "how soon after the carrier's answer a text is shown as sent", StatusLag.RunAsync),
        new("webhooks", "a receipt and a signed post for each text, and what texts notice of it", WebhookEach.RunAsync),
        new("tabs", "a hundred open tabs of the console while texts go through", ConsoleTabs.RunAsync),
        new("stored", "ten million texts stored: the console, and a backup while sending", Stored.RunAsync, IsExtra: true),
        new("soak", "a steady flow for long", Soak.RunAsync, IsExtra: true),
        new("fuzz", "hostile inputs for every reader of foreign octets", Fuzzed.RunAsync, IsExtra: true),
    ];

    /// <summary>Name and meaning of each measurement.</summary>
    public static IReadOnlyList<(string Name, string What)> Measurements => [.. _measurements.Select(m => (m.Name, m.What))];

    /// <summary>Measures and reports. True when no figure missed its target.</summary>
    /// <exception cref="IOException">The directory cannot be written, or a process did not start.</exception>
    public static async Task<bool> RunAsync(LoadOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var directory = Directory.CreateDirectory(options.Directory).CreateSubdirectory("bench-" + Path.GetRandomFileName());
        var run = new LoadRun(options, directory.FullName);
        try
        {
            foreach (var measurement in _measurements.Where(m => IsWanted(m, options)))
            {
                run.Current = measurement.Name;
                await RunAsync(run, measurement, ct).ConfigureAwait(false);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        if (options.Json)
        {
            JsonReport.Write(options.Output, run.Rows);
        }
        else
        {
            TableReport.Write(options.Output, run.Rows);
        }

        return run.Rows.All(row => row.Ok != false);
    }

    private static bool IsWanted(Measurement measurement, LoadOptions options) =>
        options.Only.Count > 0 ? options.Only.Contains(measurement.Name) : !measurement.IsExtra
            || (measurement.Name == "soak" && options.Soak > TimeSpan.Zero) || (measurement.Name == "fuzz" && options.Fuzz > 0);

    /// <summary>One that fails is a row, so that the others are still measured.</summary>
    private static async Task RunAsync(LoadRun run, Measurement measurement, CancellationToken ct)
    {
        try
        {
            await measurement.RunAsync(run, ct).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            run.Add(new Row(measurement.Name, measurement.What, "failed: " + failure.Message, "runs", false));
            run.Tell(failure.ToString());
        }
    }
}

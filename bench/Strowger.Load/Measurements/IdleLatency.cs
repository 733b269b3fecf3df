using Strowger.Load.Carriers;
using Strowger.Load.Http;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>One text at a time on an idle channel: from just before the POST until the carrier has the submit_sm, fsync included.</summary>
internal static class IdleLatency
{
    private const double PerSecond = 100;
    private const double TargetP50Ms = 3;
    private const double TargetP99Ms = 10;

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        var count = run.Options.Scale(2000);
        var warm = 500;
        await using var carrier = new ArrivalCarrier(0, TimeSpan.Zero, new TokenTimes(16_384));
        await using var gateway = await Gateway.StartAsync(run, ct, Gateway.Channel(carrier.Port)).ConfigureAwait(false);
        await Backlog.UntilBoundAsync(carrier, ct).ConfigureAwait(false);
        using var load = new HttpLoad(new HttpLoadOptions
        {
            Server = gateway.EndPoint, Template = RequestTemplate.Single(Gateway.Key), Connections = 1, Count = warm + count, Rate = PerSecond, OnSend = carrier.Times.Ask,
        });
        var sent = await load.RunAsync(ct).ConfigureAwait(false);
        if (sent.Refused > 0)
        {
            throw new IOException($"{sent.Refused} were refused; the first: {sent.FirstRefusal}");
        }

        // What is not there a second after the last is judged as lost.
        await Task.Delay(TimeSpan.FromSeconds(1), ct).ConfigureAwait(false);
        var times = new Quantiles(Enumerable.Range(warm, count).Select(token => carrier.Times.ArrivedAfter(token) ?? double.PositiveInfinity));
        run.AtMost($"POST to submit_sm on the wire, idle channel, {Words.Count(count)} singles, p50", times.At(0.5), TargetP50Ms, Words.Milliseconds, ("p50_ms", times.At(0.5)));
        run.AtMost("… p99", times.At(0.99), TargetP99Ms, Words.Milliseconds, ("p99_ms", times.At(0.99)), ("max_ms", times.Max));
    }
}

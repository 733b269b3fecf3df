using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Strowger.Load.Processes;
using Strowger.Load.Reports;
using Strowger.Smpp;

namespace Strowger.Load.Measurements;

/// <summary>Texts handed in over SMPP on a few binds, each durable before its submit_sm_resp, sent on to a carrier without a limit.</summary>
internal static class DoorSubmits
{
    private const int Binds = 4;
    private const int Window = 250;
    private const double Target = 20_000;
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        var port = FreePort();
        var door = new JsonObject
        {
            ["Smpp"] = new JsonObject
            {
                ["Listen"] = $"127.0.0.1:{port}",
                ["Clients"] = new JsonArray(new JsonObject { ["SystemId"] = "bench", ["Password"] = "bench" }),
            },
        };
        await using var carrier = await Carrier.StartAsync(run, ct, "--receipt-share", "0").ConfigureAwait(false);
        await using var gateway = await Gateway.StartAsync(run, door, ct, Gateway.Channel(carrier.Port)).ConfigureAwait(false);
        await PassAsync(port, carrier, run.Options.Scale(100_000), ct).ConfigureAwait(false);
        var count = run.Options.Scale(300_000);
        var before = CpuTimes.Now(gateway.ProcessId, carrier.ProcessId);
        var (took, behind) = await PassAsync(port, carrier, count, ct).ConfigureAwait(false);
        var cpu = CpuTimes.Now(gateway.ProcessId, carrier.ProcessId).Minus(before);
        var rate = count / took.TotalSeconds;
        run.AtLeast($"{Words.Count(count)} submit_sm, {Binds} binds, window {Window}, durable before the answer, sent on", rate, Target, Words.PerSecond, ("submits_per_second", rate));
        run.Note("… the last was with the carrier after the last answer by", Words.Milliseconds(behind), ("sent_on_after_ms", behind));
        run.Note(
            "… CPU-seconds per 1000 of gateway, carrier, client",
            $"{BatchToCarrier.Seconds(cpu.Gateway / count * 1000)}, {BatchToCarrier.Seconds(cpu.Carrier / count * 1000)}, {BatchToCarrier.Seconds(cpu.Client / count * 1000)}",
            ("cpu_gateway_s_per_1000", cpu.Gateway / count * 1000));
    }

    private static async Task<(TimeSpan Took, double BehindMs)> PassAsync(int port, Carrier carrier, int count, CancellationToken ct)
    {
        await carrier.ResetAsync(ct).ConfigureAwait(false);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = new Countdown(count, done);
        var esmes = Enumerable.Range(0, Binds).Select(n => new Esme(port, count / Binds, left)).ToArray();
        var start = Stopwatch.GetTimestamp();
        foreach (var esme in esmes)
        {
            esme.Client.Start();
        }

        await done.Task.WaitAsync(_limit, ct).ConfigureAwait(false);
        var took = Stopwatch.GetElapsedTime(start);
        var end = DateTimeOffset.UtcNow;
        var counts = await carrier.UntilAcceptedAsync(count, _limit, ct).ConfigureAwait(false);
        foreach (var esme in esmes)
        {
            await esme.Client.DisposeAsync().ConfigureAwait(false);
        }

        return (took, Math.Max(0, (counts.LastSubmit - end).TotalMilliseconds));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends the pass with the last answer, or with the first refusal.</summary>
    private sealed class Countdown(int count, TaskCompletionSource done)
    {
        private int _left = count;

        public void Answered(uint status)
        {
            if (status != CommandStatus.Ok)
            {
                done.TrySetException(new IOException($"A submit_sm was answered {CommandStatus.Name(status)}."));
            }
            else if (Interlocked.Decrement(ref _left) == 0)
            {
                done.TrySetResult();
            }
        }
    }

    /// <summary>One bind that keeps its window full.</summary>
    private sealed class Esme : SmppClientHandler
    {
        private readonly Countdown _answers;
        private int _left;

        public Esme(int port, int count, Countdown answers)
        {
            _left = count;
            _answers = answers;
            Client = new SmppClient(
                new SmppClientOptions { Host = "127.0.0.1", Port = port, SystemId = "bench", Password = "bench", Window = Window, BindMode = BindMode.Transmitter },
                this,
                TimeProvider.System,
                new Random(1));
        }

        public SmppClient Client { get; }

        public override void OnSubmitResponse(long tag, uint status, ReadOnlySpan<byte> messageId, ReadOnlySpan<byte> tlvs, bool late) => _answers.Answered(status);

        public override void OnUnanswered(long tag, UnansweredReason reason) => _answers.Answered(CommandStatus.UnknownError);

        public override void OnBatchEnd() => Fill();

        public override void OnWritable() => Fill();

        public override void OnStateChanged(BindState state, string? reason, uint status)
        {
            if (state == BindState.Bound)
            {
                Fill();
                Client.Flush();
            }
        }

        private void Fill()
        {
            while (_left > 0 && Client.TrySubmit(_left, SubmitCodec.Sample()))
            {
                _left--;
            }
        }
    }
}

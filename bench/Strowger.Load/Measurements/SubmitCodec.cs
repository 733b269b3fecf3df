using System.Diagnostics;
using System.Runtime.CompilerServices;
using Strowger.Load.Reports;
using Strowger.Smpp;

namespace Strowger.Load.Measurements;

/// <summary>One submit_sm as texts have it: 36 octets of text, both addresses, a receipt asked for.</summary>
internal static class SubmitCodec
{
    private const int Rounds = 200_000;
    private const int Repeats = 15;
    private const double TargetNanoseconds = 300;

    public static Task RunAsync(LoadRun run, CancellationToken ct)
    {
        var wire = new byte[256];
        wire = wire[..Sample().Encode(wire, 1)];
        var target = new byte[256];
        Measure(run, "submit_sm decode", () => Decode(wire), ct);
        Measure(run, "submit_sm encode", () => Encode(wire, target), ct);
        return Task.CompletedTask;
    }

    internal static SubmitSm Sample() => new()
    {
        SourceTon = 5,
        Source = "Strowger"u8,
        DestinationTon = 1,
        DestinationNpi = 1,
        Destination = "46701234567"u8,
        RegisteredDelivery = 1,
        ShortMessage = "Your code is 123456. Do not share it"u8,
    };

    /// <summary>The median of many short rounds: another process that runs for a moment falls out.</summary>
    private static void Measure(LoadRun run, string what, Func<long> round, CancellationToken ct)
    {
        var times = new List<double>();
        long allocated = 0;
        for (var i = 0; i < Repeats * 2; i++)
        {
            ct.ThrowIfCancellationRequested();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            round();
            var elapsed = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Rounds;
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            if (i >= Repeats)
            {
                // The first half is for the compiler's tiers.
                times.Add(elapsed);
                allocated += bytes;
            }
        }

        var nanoseconds = new Quantiles(times).At(0.5);
        run.AtMost(what, nanoseconds, TargetNanoseconds, n => Words.Text($"{n:0} ns"), ("nanoseconds", nanoseconds));
        run.AtMost($"{what}, allocated", (double)allocated / (Rounds * Repeats), 0, n => Words.Text($"{n:0} B"), ("allocated_bytes", (double)allocated / (Rounds * Repeats)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Decode(byte[] wire)
    {
        long sum = 0;
        for (var i = 0; i < Rounds; i++)
        {
            Pdu.Read(wire, SmppLimits.DefaultMaxPduBytes, out var pdu, out _);
            SubmitSm.TryDecode(pdu.Body, out var submit, out _);
            sum += submit.ShortMessage.Length + submit.Destination.Length;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Encode(byte[] wire, byte[] target)
    {
        Pdu.Read(wire, SmppLimits.DefaultMaxPduBytes, out var pdu, out _);
        SubmitSm.TryDecode(pdu.Body, out var submit, out _);
        long sum = 0;
        for (var i = 0; i < Rounds; i++)
        {
            sum += submit.Encode(target, (uint)i);
        }

        return sum;
    }
}

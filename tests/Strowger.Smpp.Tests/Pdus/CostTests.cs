using System.Diagnostics;

namespace Strowger.Smpp.Tests.Pdus;

public sealed class CostTests
{
    private const int Rounds = 300_000;

    [Fact]
    public void Submit_sm_decode_and_encode_allocate_nothing_and_are_quick()
    {
        byte[] wire = Samples.All()["submit_sm"];
        byte[] target = new byte[1024];
        long sum = 0;
        for (int i = 0; i < 3; i++)
        {
            sum += Decode(wire, 100_000) + Encode(wire, target, 100_000);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        sum += Decode(wire, Rounds);
        var decode = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        sum += Encode(wire, target, Rounds);
        var encode = Stopwatch.GetElapsedTime(start);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.NotEqual(0, sum);
        Assert.Equal(0, allocated);
        TestContext.Current.TestOutputHelper?.WriteLine($"decode {decode.TotalNanoseconds / Rounds:F0} ns, encode {encode.TotalNanoseconds / Rounds:F0} ns");

        // The target is 300 ns; a debug build on a busy machine gets a wide margin.
        Assert.InRange(decode.TotalNanoseconds / Rounds, 0, 10_000);
        Assert.InRange(encode.TotalNanoseconds / Rounds, 0, 10_000);
    }

    private static long Decode(byte[] wire, int rounds)
    {
        long sum = 0;
        for (int i = 0; i < rounds; i++)
        {
            Pdu.Read(wire, 65536, out var pdu, out _);
            SubmitSm.TryDecode(pdu.Body, out var sm, out _);
            sum += sm.ShortMessage.Length + sm.Destination.Length;
        }

        return sum;
    }

    private static long Encode(byte[] wire, byte[] target, int rounds)
    {
        Pdu.Read(wire, 65536, out var pdu, out _);
        SubmitSm.TryDecode(pdu.Body, out var sm, out _);
        long sum = 0;
        for (int i = 0; i < rounds; i++)
        {
            sum += sm.Encode(target, (uint)i);
        }

        return sum;
    }
}

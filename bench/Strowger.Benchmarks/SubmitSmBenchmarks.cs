using BenchmarkDotNet.Attributes;
using Strowger.Smpp;

namespace Strowger.Benchmarks;

/// <summary>submit_sm as texts have it.</summary>
public class SubmitSmBenchmarks
{
    private readonly byte[] _wire;
    private readonly byte[] _target = new byte[256];

    public SubmitSmBenchmarks()
    {
        var length = Encode();
        _wire = _target[..length];
    }

    [Benchmark]
    public int Encode() => new SubmitSm
    {
        SourceTon = 5,
        Source = "Strowger"u8,
        DestinationTon = 1,
        DestinationNpi = 1,
        Destination = "46701234567"u8,
        RegisteredDelivery = 1,
        ShortMessage = "Your code is 123456. Do not share it"u8,
    }.Encode(_target, 1);

    [Benchmark]
    public int Decode()
    {
        Pdu.Read(_wire, SmppLimits.DefaultMaxPduBytes, out var pdu, out _);
        SubmitSm.TryDecode(pdu.Body, out var submit, out _);
        return submit.ShortMessage.Length;
    }
}

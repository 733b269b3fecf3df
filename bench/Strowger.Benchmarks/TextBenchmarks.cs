using BenchmarkDotNet.Attributes;
using Strowger.Smpp.Text;

namespace Strowger.Benchmarks;

/// <summary>Choosing an encoding, dividing into parts, writing the first.</summary>
public class TextBenchmarks
{
    private readonly ushort[] _ends = new ushort[TextLimits.MaxParts];
    private readonly byte[] _part = new byte[TextLimits.MaxPartOctets];

    [Params("short GSM", "long GSM", "long UCS-2")]
    public string Kind { get; set; } = "";

    private string _text = "";

    [GlobalSetup]
    public void Setup() => _text = Kind switch
    {
        "short GSM" => "Your code is 123456. Do not share it",
        "long GSM" => string.Concat(Enumerable.Repeat("Your parcel arrives tomorrow between 9 and 12. ", 10)),
        _ => string.Concat(Enumerable.Repeat("Ваша посылка прибудет завтра с 9 до 12. 📦 ", 8)),
    };

    [Benchmark]
    public int Plan() => MessageEncoder.Plan(_text, EncodeOptions.Default, _ends).Parts;

    [Benchmark]
    public int PlanAndWritePart()
    {
        var plan = MessageEncoder.Plan(_text, EncodeOptions.Default, _ends);
        return PartWriter.WritePart(plan, _text, _ends, 0, 1, _part, out _);
    }
}

using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Strowger.Smpp.Text;

namespace Strowger.Load.Fuzzing;

/// <summary>
/// Texts to send, as UTF-16 that may be ill-formed: planned, divided, written, and read again. What is sent must be what was asked
/// for. The first octet chooses the options.
/// </summary>
internal sealed class EncoderFuzz : FuzzTarget
{
    private readonly ushort[] _ends = new ushort[TextLimits.MaxParts];
    private readonly byte[] _part = new byte[TextLimits.MaxPartOctets];
    private readonly char[] _read = new char[1024];
    private readonly StringBuilder _whole = new();

    private static readonly SearchValues<char> _byteOrderMarks = SearchValues.Create('\uFEFF', '\uFFFE');

    private static readonly EncodeOptions[] _options =
    [
        EncodeOptions.Default,
        EncodeOptions.Default with { Alphabets = Alphabets.Gsm7 | Alphabets.Latin1 | Alphabets.Ucs2, Reference16 = true },
        EncodeOptions.Default with { MaxParts = TextLimits.MaxParts },
        EncodeOptions.Default with { Alphabets = Alphabets.Ucs2, MaxParts = 40 },
    ];

    public override string Name => "text encoder";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. new[]
    {
        "Your code is 123456",
        new string('x', 160),
        new string('x', 161),
        new string('x', 152) + "€€€" + new string('y', 300),
        "[]{}~^|\\€" + new string('a', 151),
        "Grüße " + new string('ß', 200),
        "Привет, мир! " + new string('я', 130),
        string.Concat(Enumerable.Repeat("👩‍👩‍👧🇸🇪é", 20)),
    }.SelectMany(text => Enumerable.Range(0, _options.Length).Select(option => (byte[])[(byte)option, .. MemoryMarshal.AsBytes(text.AsSpan())]))];

    public override void Read(ReadOnlySpan<byte> input)
    {
        if (input.Length < 3)
        {
            return;
        }

        // Copied to its own place: characters lie on even addresses.
        var text = MemoryMarshal.Cast<byte, char>(input[1..].ToArray().AsSpan(0, (input.Length - 1) & ~1));

        // At the start of a part they are a byte order mark, right or exchanged, which a reader of UCS-2 takes for that and not for text.
        text.ReplaceAny(_byteOrderMarks, 'x');
        var plan = MessageEncoder.Plan(text, _options[input[0] % _options.Length], _ends);
        if (!plan.Ok)
        {
            return;
        }

        _whole.Clear();
        for (var part = 0; part < plan.Parts; part++)
        {
            var length = PartWriter.WritePart(plan, text, _ends, part, 7, _part, out var udhi);
            var most = plan.Encoding == TextEncoding.Gsm7 && !plan.Packed ? TextLimits.Septets : TextLimits.Octets;
            Require(length <= most, "a part fits into a short message");
            var header = udhi ? Udh.Parse(_part.AsSpan(0, length)).Length : 0;
            var count = MessageDecoder.DecodeText(_part.AsSpan(header, length - header), plan.Encoding, _read, out _);
            _whole.Append(_read, 0, count);
        }

        Require(_whole.Equals(text), "what is read is what was written");
    }
}

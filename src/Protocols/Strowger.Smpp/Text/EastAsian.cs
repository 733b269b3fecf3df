using System.Text;

namespace Strowger.Smpp.Text;

/// <summary>ISO-2022-JP and KS C 5601 by the code pages of the framework; met at carriers of Japan and Korea only.</summary>
internal static class EastAsian
{
    private const int Iso2022Jp = 50220;
    private const int KsC5601 = 949;

    private static readonly Encoding s_japanese = Get(Iso2022Jp);
    private static readonly Encoding s_korean = Get(KsC5601);

    public static int Decode(ReadOnlySpan<byte> source, TextEncoding encoding, Span<char> destination, out bool replaced)
    {
        var count = (encoding == TextEncoding.Iso2022Jp ? s_japanese : s_korean).GetChars(source, destination);
        replaced = destination[..count].Contains('\uFFFD');
        return count;
    }

    private static Encoding Get(int codePage) =>
        CodePagesEncodingProvider.Instance.GetEncoding(codePage, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD"))!;
}

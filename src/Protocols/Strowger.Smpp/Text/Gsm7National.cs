namespace Strowger.Smpp.Text;

/// <summary>
/// National language tables (3GPP 23.038, annex A): Turkish, Spanish and Portuguese. Of a text received, a table this library does not know is read as the default one and said
/// to be replaced.
/// </summary>
internal static class Gsm7National
{
    // Pairs of code and character that differ from the default tables (A.2 single shift, A.3 locking shift).
    private const string TurkishSingle = "\u0047Ğ\u0049İ\u0053Ş\u0063ç\u0067ğ\u0069ı\u0073ş";
    private const string SpanishSingle = "\u0009ç\u0041Á\u0049Í\u004FÓ\u0055Ú\u0061á\u0069í\u006Fó\u0075ú";
    private const string PortugueseSingle =
        "\u0005ê\u0009ç\u000BÔ\u000Cô\u000EÁ\u000Fá\u0012Φ\u0013Γ\u0015Ω\u0016Π\u0017Ψ\u0018Σ\u0019Θ\u001FÊ" +
        "\u0041À\u0049Í\u004FÓ\u0055Ú\u005BÃ\u005CÕ\u0061Â\u0069í\u006Fó\u0075ú\u007Bã\u007Cõ\u007Fâ";

    private const string TurkishLocking = "\u0004€\u0007ı\u000BĞ\u000Cğ\u001CŞ\u001Dş\u0040İ\u0060ç";
    private const string PortugueseLocking =
        "\u0004ê\u0006ú\u0007í\u0008ó\u0009ç\u000BÔ\u000Cô\u000EÁ\u000Fá\u0012ª\u0013Ç\u0014À\u0015∞\u0016^\u0017\\\u0018€\u0019Ó\u001A|" +
        "\u001CÂ\u001Dâ\u001EÊ\u0024º\u0040Í\u005BÃ\u005CÕ\u005DÚ\u005EÜ\u0060~\u007Bã\u007Cõ\u007D`\u007Eü";

    public static int Decode(ReadOnlySpan<byte> source, byte singleShift, byte lockingShift, Span<char> destination, out bool replaced)
    {
        var single = SingleOf(singleShift);
        var locking = LockingOf(lockingShift);
        replaced = singleShift > 3 || lockingShift > 3;
        var n = 0;
        for (var i = 0; i < source.Length; i++)
        {
            var escaped = source[i] == Gsm7.Escape && i + 1 < source.Length;
            var code = source[escaped ? i + 1 : i];
            var length = escaped ? 2 : 1;
            if (Find(escaped ? single : locking, code) is { } c)
            {
                destination[n++] = c;
            }
            else
            {
                n += Gsm7.Decode(source.Slice(i, length), destination[n..], out var bad);
                replaced |= bad;
            }

            i += length - 1;
        }

        return n;
    }

    /// <summary>Pairs of code and character that differ from the default extension table.</summary>
    public static string SingleOf(byte language) => language switch { 1 => TurkishSingle, 2 => SpanishSingle, 3 => PortugueseSingle, _ => "" };

    /// <summary>Pairs that differ from the default table. There is no Spanish one; element value 2 selects the default.</summary>
    public static string LockingOf(byte language) => language switch { 1 => TurkishLocking, 3 => PortugueseLocking, _ => "" };

    private static char? Find(string table, byte code)
    {
        for (var i = 0; i < table.Length; i += 2)
        {
            if (table[i] == code)
            {
                return table[i + 1];
            }
        }

        return null;
    }
}

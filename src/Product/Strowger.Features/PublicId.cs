namespace Strowger.Features;

/// <summary>
/// The form in which users see ids: a prefix such as <c>msg_</c> and a number above 0 in 13 digits of Crockford's base 32, so that ids sort as
/// their numbers do. Read in either case.
/// </summary>
internal static class PublicId
{
    private const int Digits = 13;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Characters of an id with this prefix.</summary>
    public static int LengthOf(string prefix) => prefix.Length + Digits;

    public static bool TryParse(string prefix, ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        if (text.Length != LengthOf(prefix) || !text.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        ulong value = 0;
        foreach (var c in text[prefix.Length..])
        {
            var digit = Alphabet.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (digit < 0 || value >> 59 != 0)
            {
                return false;
            }

            value = (value << 5) | (uint)digit;
        }

        number = (long)value;
        return value is > 0 and <= long.MaxValue;
    }

    /// <param name="to">At least <see cref="LengthOf"/> characters.</param>
    /// <param name="prefix">Of the kind of id.</param>
    /// <param name="number">Above 0.</param>
    public static void Write(Span<char> to, string prefix, long number)
    {
        prefix.CopyTo(to);
        var value = (ulong)number;
        for (var i = LengthOf(prefix) - 1; i >= prefix.Length; i--)
        {
            to[i] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    }

    public static string ToText(string prefix, long number) =>
        string.Create(LengthOf(prefix), (prefix, number), static (to, id) => Write(to, id.prefix, id.number));
}

namespace Strowger.Features.Campaigns;

/// <summary>A campaign's id as its users see it: <c>cmp_</c> and its number in Crockford's base 32, 13 digits, so that ids sort by creation.</summary>
public readonly record struct CampaignId(long Value)
{
    private const string Prefix = "cmp_";
    private const int Digits = 13;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static bool TryParse(ReadOnlySpan<char> text, out CampaignId id)
    {
        id = default;
        if (text.Length != Prefix.Length + Digits || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        ulong value = 0;
        foreach (var c in text[Prefix.Length..])
        {
            var digit = Alphabet.IndexOf(char.ToLowerInvariant(c), StringComparison.Ordinal);
            if (digit < 0 || value >> 59 != 0)
            {
                return false;
            }

            value = (value << 5) | (uint)digit;
        }

        id = new CampaignId((long)value);
        return value is > 0 and <= long.MaxValue;
    }

    public override string ToString() => string.Create(Prefix.Length + Digits, (ulong)Value, static (to, value) =>
    {
        Prefix.CopyTo(to);
        for (var i = to.Length - 1; i >= Prefix.Length; i--)
        {
            to[i] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    });
}

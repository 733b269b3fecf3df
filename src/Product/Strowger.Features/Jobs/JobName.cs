using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>A job's id as its users see it: <c>job_</c> and its number in Crockford's base 32, 13 digits, so that ids sort by acceptance.</summary>
public static class JobName
{
    private const string Prefix = "job_";
    private const int Digits = 13;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string Of(JobId id) => string.Create(Prefix.Length + Digits, (ulong)id.Value, static (to, value) =>
    {
        Prefix.CopyTo(to);
        for (var i = to.Length - 1; i >= Prefix.Length; i--)
        {
            to[i] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    });

    public static bool TryParse(ReadOnlySpan<char> text, out JobId id)
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

        id = new JobId((long)value);
        return value is > 0 and <= long.MaxValue;
    }
}

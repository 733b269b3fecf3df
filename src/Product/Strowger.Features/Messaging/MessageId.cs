using Strowger.Engine;

namespace Strowger.Features.Messaging;

/// <summary>A message's id as its users see it: <c>msg_</c> and the number of its first part in Crockford's base 32, 13 digits, so that ids sort by acceptance.</summary>
public readonly record struct MessageId(JobId Job)
{
    private const string Prefix = "msg_";
    private const int Digits = 13;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static bool TryParse(ReadOnlySpan<char> text, out MessageId id)
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

        id = new MessageId(new JobId((long)value));
        return value is > 0 and <= long.MaxValue;
    }

    public void Write(Span<char> to)
    {
        Prefix.CopyTo(to);
        var value = (ulong)Job.Value;
        for (var i = Prefix.Length + Digits - 1; i >= Prefix.Length; i--)
        {
            to[i] = Alphabet[(int)(value & 31)];
            value >>= 5;
        }
    }

    public override string ToString() => string.Create(Prefix.Length + Digits, this, static (to, id) => id.Write(to));
}

using System.Globalization;
using Strowger.Features.Messaging;

namespace Strowger.Features.Campaigns;

/// <summary>Divides numbers by the longest of some prefixes.</summary>
internal sealed class Prefixes(IReadOnlyList<string> all)
{
    private readonly string[] _longestFirst = [.. all.OrderByDescending(p => p.Length)];

    /// <summary>The prefix of a number; empty when it has none of them.</summary>
    public string Of(Msisdn number)
    {
        if (_longestFirst.Length == 0)
        {
            return string.Empty;
        }

        Span<char> digits = stackalloc char[Msisdn.MaxDigits];
        _ = number.Value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        foreach (var prefix in _longestFirst)
        {
            if (digits[..length].StartsWith(prefix, StringComparison.Ordinal))
            {
                return prefix;
            }
        }

        return string.Empty;
    }
}

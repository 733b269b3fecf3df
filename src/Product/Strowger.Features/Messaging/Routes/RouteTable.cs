using System.Globalization;
using Strowger.Features.Messaging.Channels;

namespace Strowger.Features.Messaging.Routes;

/// <summary>Routes by longest prefix. Immutable: a change makes a new one.</summary>
public sealed class RouteTable
{
    /// <summary>Digits of a prefix at most: those of a whole number.</summary>
    public const int MaxPrefixDigits = 15;

    /// <summary>Routes at most: each is a queue, of which the engine has 10,000 for everything, routes that were there before included.</summary>
    public const int MaxRoutes = 4_000;

    private readonly List<(int Length, Dictionary<ulong, Route> Routes)> _byLength = [];
    private readonly Dictionary<string, Route> _byPrefix;
    private readonly Route? _default;
    private readonly Dictionary<string, Route> _pinned = new(StringComparer.Ordinal);

    public RouteTable(IEnumerable<ChannelSettings> channels)
    {
        var byPrefix = new SortedDictionary<string, List<ChannelSettings>>(StringComparer.Ordinal);
        foreach (var channel in channels)
        {
            _pinned[channel.Name] = new Route(string.Empty, Route.PinnedQueueOf(channel.Name), [channel.Name], channel) { TakesPayload = channel.LongMessages == LongMessages.Payload, HasLimits = channel.Limits.Count > 0 };
            foreach (var prefix in PrefixesOf(channel.Prefixes))
            {
                if (!byPrefix.TryGetValue(prefix, out var named))
                {
                    byPrefix.Add(prefix, named = []);
                }

                named.Add(channel);
            }
        }

        All =
        [
            .. byPrefix.Select(p => new Route(p.Key, Route.QueueOf(p.Key), [.. p.Value.Select(c => c.Name)], p.Value[0])
            {
                TakesPayload = p.Value.TrueForAll(c => c.LongMessages == LongMessages.Payload),
                HasLimits = p.Value.Exists(c => c.Limits.Count > 0),
            }),
        ];
        _byPrefix = All.ToDictionary(r => r.Prefix, StringComparer.Ordinal);
        _default = _byPrefix.GetValueOrDefault(string.Empty);
        foreach (var group in All.Where(r => r.Prefix.Length > 0).GroupBy(r => r.Prefix.Length).OrderByDescending(g => g.Key))
        {
            _byLength.Add((group.Key, group.ToDictionary(r => ulong.Parse(r.Prefix, CultureInfo.InvariantCulture))));
        }
    }

    public IReadOnlyList<Route> All { get; }

    /// <summary>Why these channels cannot run side by side, in words; null when they can.</summary>
    /// <param name="channels">The prefixes of each; none = the default route.</param>
    public static string? ProblemOf(IEnumerable<IReadOnlyList<string>> channels)
    {
        ArgumentNullException.ThrowIfNull(channels);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var prefix in channels.SelectMany(PrefixesOf))
        {
            counts[prefix] = counts.GetValueOrDefault(prefix) + 1;
        }

        if (counts.FirstOrDefault(c => c.Value > Route.MaxChannels) is { Key: { } crowded, Value: var count })
        {
            var route = crowded.Length == 0 ? "the default route (no prefixes)" : $"the prefix \"{crowded}\"";
            return string.Create(CultureInfo.InvariantCulture, $"{count} channels would serve {route}; at most {Route.MaxChannels} may serve one route");
        }

        return counts.Count > MaxRoutes
            ? string.Create(CultureInfo.InvariantCulture, $"{counts.Count} different prefixes over all channels; at most {MaxRoutes} are allowed")
            : null;
    }

    /// <summary>Whether a channel names this prefix.</summary>
    public bool Has(string prefix) => _byPrefix.ContainsKey(prefix);

    public Route? Pinned(string channel) => _pinned.GetValueOrDefault(channel);

    /// <summary>The route of a number, null when no channel serves it.</summary>
    public Route? Find(Msisdn number)
    {
        var digits = Digits(number.Value);
        foreach (var (length, routes) in _byLength)
        {
            if (length <= digits && routes.TryGetValue(number.Value / PowerOfTen(digits - length), out var route))
            {
                return route;
            }
        }

        return _default;
    }

    /// <summary>The route that takes over the queue of a prefix that no channel names any more.</summary>
    public Route? FindForPrefix(string prefix)
    {
        for (var length = prefix.Length; length > 0; length--)
        {
            if (_byPrefix.TryGetValue(prefix[..length], out var route))
            {
                return route;
            }
        }

        return _default;
    }

    private static IEnumerable<string> PrefixesOf(IReadOnlyList<string> prefixes) => prefixes.DefaultIfEmpty(string.Empty).Distinct(StringComparer.Ordinal);

    private static int Digits(ulong value)
    {
        var digits = 1;
        for (; value >= 10; value /= 10)
        {
            digits++;
        }

        return digits;
    }

    private static ulong PowerOfTen(int exponent)
    {
        var value = 1UL;
        for (; exponent > 0; exponent--)
        {
            value *= 10;
        }

        return value;
    }
}

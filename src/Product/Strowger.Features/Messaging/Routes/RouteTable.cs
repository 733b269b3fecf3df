using System.Globalization;
using Strowger.Features.Messaging.Channels;

namespace Strowger.Features.Messaging.Routes;

/// <summary>Routes by longest prefix. Immutable: a change makes a new one.</summary>
public sealed class RouteTable
{
    /// <summary>Digits of a prefix at most: those of a whole number.</summary>
    public const int MaxPrefixDigits = 15;

    private readonly List<(int Length, Dictionary<ulong, Route> Routes)> _byLength = [];
    private readonly Route? _default;
    private readonly Dictionary<string, Route> _pinned = new(StringComparer.Ordinal);

    public RouteTable(IEnumerable<ChannelSettings> channels)
    {
        var byPrefix = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var channel in channels)
        {
            _pinned[channel.Name] = new Route(string.Empty, Route.PinnedQueueOf(channel.Name), [channel.Name]);
            foreach (var prefix in channel.Prefixes.DefaultIfEmpty(string.Empty))
            {
                if (!byPrefix.TryGetValue(prefix, out var names))
                {
                    byPrefix.Add(prefix, names = []);
                }

                names.Add(channel.Name);
            }
        }

        All = [.. byPrefix.Select(p => new Route(p.Key, Route.QueueOf(p.Key), p.Value))];
        _default = All.FirstOrDefault(r => r.Prefix.Length == 0);
        foreach (var group in All.Where(r => r.Prefix.Length > 0).GroupBy(r => r.Prefix.Length).OrderByDescending(g => g.Key))
        {
            _byLength.Add((group.Key, group.ToDictionary(r => ulong.Parse(r.Prefix, CultureInfo.InvariantCulture))));
        }
    }

    public IReadOnlyList<Route> All { get; }

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
            var shorter = prefix[..length];
            if (All.FirstOrDefault(r => r.Prefix == shorter) is { } route)
            {
                return route;
            }
        }

        return _default;
    }

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

namespace Strowger.Server.ConsolePage;

/// <summary>Waiting texts and the channels that may take them.</summary>
internal sealed record WaitingGroup(IReadOnlyList<ChannelFlow> Channels, long Waiting)
{
    /// <summary>Nothing leaves until something changes.</summary>
    public bool IsBlocked => !Channels.Any(c => c.IsMoving && !c.IsStuck);

    /// <summary>Parts a second expected of all that work; 0 while not known.</summary>
    public double Rate => Channels.Sum(c => c.ExpectedRate ?? 0);

    /// <summary>Until the last one has left; null while not known.</summary>
    public TimeSpan? Drain => Rate > 0 ? TimeSpan.FromSeconds(Math.Min(Waiting / Rate, 1e8)) : null;

    /// <summary>Groups channels that share a queue, directly or through another one.</summary>
    /// <param name="queues">What waits where, and which channels serve it (at least one).</param>
    /// <param name="channels">All channels.</param>
    public static IReadOnlyList<WaitingGroup> Of(IEnumerable<(long Waiting, IReadOnlyList<string> Channels)> queues, IReadOnlyList<ChannelFlow> channels)
    {
        var groups = new List<(HashSet<string> Names, long Waiting)>();
        foreach (var (waiting, names) in queues.Where(q => q.Waiting > 0))
        {
            var shared = groups.Where(g => g.Names.Overlaps(names)).ToList();
            groups.RemoveAll(shared.Contains);
            var all = new HashSet<string>(names);
            shared.ForEach(g => all.UnionWith(g.Names));
            groups.Add((all, waiting + shared.Sum(g => g.Waiting)));
        }

        return [.. groups.Select(g => new WaitingGroup([.. channels.Where(c => g.Names.Contains(c.Name))], g.Waiting))];
    }
}

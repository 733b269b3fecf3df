namespace Strowger.Engine.Jobs;

/// <summary>
/// Keys of the last 24 hours, at most five million (the oldest go first), with the job that took each and a hash of what
/// was asked. Guarded by the engine's lock.
/// </summary>
internal sealed class UniqueKeys
{
    private readonly Dictionary<UInt128, Held> _keys = [];
    private readonly Queue<(UInt128 Key, uint Until)> _order = new();

    public int Count => _keys.Count;

    public bool TryGet(UInt128 key, out long id, out ulong content)
    {
        if (_keys.TryGetValue(key, out var held))
        {
            (id, content) = (held.Id, held.Content);
            return true;
        }

        (id, content) = (0, 0);
        return false;
    }

    public void Add(UInt128 key, long id, ulong content, long nowMs)
    {
        var until = (uint)((nowMs / 1000) + (long)EngineLimits.UniqueKeyLife.TotalSeconds);
        if (_keys.TryAdd(key, new Held(id, content)))
        {
            _order.Enqueue((key, until));
        }

        Forget(nowMs);
    }

    public void Forget(long nowMs)
    {
        var now = (uint)(nowMs / 1000);
        while (_order.TryPeek(out var oldest) && (oldest.Until <= now || _order.Count > EngineLimits.MaxUniqueKeys))
        {
            _order.Dequeue();
            _keys.Remove(oldest.Key);
        }
    }

    /// <summary>All keys with the time they end, oldest first, for a checkpoint.</summary>
    public IEnumerable<(UInt128 Key, uint Until, long Id, ulong Content)> All()
    {
        foreach (var (key, until) in _order)
        {
            var held = _keys[key];
            yield return (key, until, held.Id, held.Content);
        }
    }

    public void Restore(UInt128 key, uint until, long id, ulong content)
    {
        if (_keys.TryAdd(key, new Held(id, content)))
        {
            _order.Enqueue((key, until));
        }
    }

    private readonly record struct Held(long Id, ulong Content);
}

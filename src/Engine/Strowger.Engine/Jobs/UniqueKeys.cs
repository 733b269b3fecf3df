namespace Strowger.Engine.Jobs;

/// <summary>
/// Keys of the last 24 hours, at most five million (the oldest go first), with the job that took each and a hash of what
/// was asked. Guarded by the engine's lock.
/// </summary>
/// <remarks>
/// Kept by age in chunks that are only ever appended to, so that a checkpoint takes all of them by copying the list of chunks:
/// copying five million keys would hold the lock for some tenths of a second.
/// </remarks>
internal sealed class UniqueKeys
{
    public const int KeysPerChunk = 8192;

    private readonly Dictionary<UInt128, long> _numbers = [];
    private readonly List<Held[]> _chunks = [];

    // Numbers of keys in order of age; the first chunk begins at a multiple of KeysPerChunk at or below _oldest.
    private long _oldest;
    private long _next;

    public int Count => _numbers.Count;

    public bool TryGet(UInt128 key, out long id, out ulong content)
    {
        if (_numbers.TryGetValue(key, out var number))
        {
            ref readonly var held = ref At(number);
            (id, content) = (held.Id, held.Content);
            return true;
        }

        (id, content) = (0, 0);
        return false;
    }

    public void Add(UInt128 key, long id, ulong content, long nowMs)
    {
        Restore(new Held(key, id, content, (uint)((nowMs / 1000) + (long)EngineLimits.UniqueKeyLife.TotalSeconds)));
        Forget(nowMs);
    }

    /// <summary>Adds a key as it was kept; one that is there already stays as it is.</summary>
    public void Restore(in Held held)
    {
        if (!_numbers.TryAdd(held.Key, _next))
        {
            return;
        }

        var within = (int)(_next % KeysPerChunk);
        if (within == 0)
        {
            _chunks.Add(new Held[KeysPerChunk]);
        }

        _chunks[^1][within] = held;
        _next++;
    }

    public void Forget(long nowMs)
    {
        var now = (uint)(nowMs / 1000);
        while (_oldest < _next && (At(_oldest).Until <= now || _next - _oldest > EngineLimits.MaxUniqueKeys))
        {
            _numbers.Remove(At(_oldest).Key);
            _oldest++;
            if (_oldest % KeysPerChunk == 0)
            {
                _chunks.RemoveAt(0);
            }
        }
    }

    /// <summary>
    /// All keys, oldest first, in pieces that may be read without the lock: what is there is not changed by later additions.
    /// </summary>
    public List<ReadOnlyMemory<Held>> Snapshot()
    {
        var pieces = new List<ReadOnlyMemory<Held>>(_chunks.Count);
        var first = _oldest / KeysPerChunk * KeysPerChunk;
        foreach (var chunk in _chunks)
        {
            var from = (int)Math.Max(0, _oldest - first);
            var to = (int)Math.Min(KeysPerChunk, _next - first);
            pieces.Add(chunk.AsMemory(from, to - from));
            first += KeysPerChunk;
        }

        return pieces;
    }

    private ref readonly Held At(long number) =>
        ref _chunks[(int)((number / KeysPerChunk) - (_oldest / KeysPerChunk))][(int)(number % KeysPerChunk)];

    /// <param name="Key">Hash of the key.</param>
    /// <param name="Id">First job that took it.</param>
    /// <param name="Content">Hash of what was asked.</param>
    /// <param name="Until">Unix seconds at which it is forgotten.</param>
    internal readonly record struct Held(UInt128 Key, long Id, ulong Content, uint Until);
}

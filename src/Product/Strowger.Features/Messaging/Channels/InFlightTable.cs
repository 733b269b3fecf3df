using Strowger.Engine;

namespace Strowger.Features.Messaging.Channels;

/// <summary>A part on its way: what its answer needs.</summary>
internal struct InFlightPart
{
    public JobId Id;
    public int Token;
    public long SentAt;
    public ulong Destination;

    /// <summary>True after a time-out: kept for a late answer.</summary>
    public bool IsLate;
}

/// <summary>Parts on their way by tag: a small number that comes back with the answer. Bounded by width and late answers.</summary>
internal sealed class InFlightTable
{
    /// <summary>Late answers waited for at most; older ones are given up and settled by policy.</summary>
    private const int MaxLate = 100_000;

    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new();
    private readonly Queue<int> _late = new();
    private InFlightPart[] _parts = new InFlightPart[256];
    private int _used;

    public long Add(JobId id, int token, long sentAt, ulong destination)
    {
        lock (_gate)
        {
            if (!_free.TryPop(out var tag))
            {
                tag = _used++;
                if (tag == _parts.Length)
                {
                    Array.Resize(ref _parts, _parts.Length * 2);
                }
            }

            _parts[tag] = new InFlightPart { Id = id, Token = token, SentAt = sentAt, Destination = destination };
            return tag;
        }
    }

    public InFlightPart Take(long tag)
    {
        lock (_gate)
        {
            var part = _parts[tag];
            if (!part.Id.IsNone)
            {
                _parts[tag] = default;
                _free.Push((int)tag);
            }

            return part;
        }
    }

    /// <summary>Keeps the part for a late answer.</summary>
    public InFlightPart KeepForLate(long tag)
    {
        lock (_gate)
        {
            _parts[tag].IsLate = true;
            var part = _parts[tag];
            _late.Enqueue((int)tag);
            if (_late.Count > MaxLate)
            {
                var oldest = _late.Dequeue();
                if (_parts[oldest].IsLate)
                {
                    _parts[oldest] = default;
                    _free.Push(oldest);
                }
            }

            return part;
        }
    }
}

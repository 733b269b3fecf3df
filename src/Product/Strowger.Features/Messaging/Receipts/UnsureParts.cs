using Strowger.Engine;

namespace Strowger.Features.Messaging.Receipts;

/// <summary>
/// Parts of which nobody knows whether the carrier took them, by destination: a receipt for that number settles one when it
/// is the only one. Those that were answered, resent or given up meanwhile do not count. Thread-safe.
/// </summary>
/// <param name="isUnsure">Whether a part still is.</param>
internal sealed class UnsureParts(Func<JobId, bool> isUnsure)
{
    /// <summary>As many as can be in flight over a hundred binds.</summary>
    private const int MaxParts = 1_000_000;

    /// <summary>Parts looked at in one go: a millisecond or so, and those of a full window are gone within minutes.</summary>
    private const int SweepAtOnce = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, List<JobId>> _byDestination = [];

    /// <summary>Each part that is there, once; swept in turn.</summary>
    private readonly Queue<(ulong Destination, JobId Job)> _turns = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _turns.Count;
            }
        }
    }

    public void Add(ulong destination, JobId job)
    {
        lock (_gate)
        {
            if (_turns.Count >= MaxParts)
            {
                _byDestination.Clear();
                _turns.Clear();
            }

            if (!_byDestination.TryGetValue(destination, out var jobs))
            {
                _byDestination.Add(destination, jobs = []);
            }

            if (!jobs.Contains(job))
            {
                jobs.Add(job);
                _turns.Enqueue((destination, job));
            }
        }
    }

    /// <summary>The one unsure part for a number; none when there are several, for a guess could settle the wrong one. It stays until it is settled.</summary>
    public bool TryFindOnly(ulong destination, out JobId job)
    {
        lock (_gate)
        {
            var still = _byDestination.TryGetValue(destination, out var jobs) ? jobs.FindAll(part => isUnsure(part)) : [];
            job = still.Count == 1 ? still[0] : default;
            return still.Count == 1;
        }
    }

    /// <summary>Lets go of some that are unsure no more. To be called now and then.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            for (var left = Math.Min(SweepAtOnce, _turns.Count); left > 0; left--)
            {
                var turn = _turns.Dequeue();
                if (isUnsure(turn.Job))
                {
                    _turns.Enqueue(turn);
                }
                else if (_byDestination.TryGetValue(turn.Destination, out var jobs) && jobs.Remove(turn.Job) && jobs.Count == 0)
                {
                    _byDestination.Remove(turn.Destination);
                }
            }
        }
    }
}

using Strowger.Engine;

namespace Strowger.Features.Messaging.Receipts;

/// <summary>
/// Parts of which nobody knows whether the carrier took them, by destination: a receipt for that number settles one when it
/// is the only one. Thread-safe.
/// </summary>
internal sealed class UnsureParts
{
    /// <summary>As many as can be in flight over a hundred binds.</summary>
    private const int MaxParts = 1_000_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, List<JobId>> _byDestination = [];
    private int _count;

    public void Add(ulong destination, JobId job)
    {
        lock (_gate)
        {
            if (_count >= MaxParts)
            {
                _byDestination.Clear();
                _count = 0;
            }

            if (!_byDestination.TryGetValue(destination, out var jobs))
            {
                _byDestination.Add(destination, jobs = []);
            }

            jobs.Add(job);
            _count++;
        }
    }

    /// <summary>The one unsure part for a number; none when there are several, for a guess could settle the wrong one.</summary>
    public bool TryTakeOnly(ulong destination, out JobId job)
    {
        lock (_gate)
        {
            if (_byDestination.TryGetValue(destination, out var jobs) && jobs.Count == 1)
            {
                _byDestination.Remove(destination);
                _count--;
                job = jobs[0];
                return true;
            }

            job = default;
            return false;
        }
    }
}

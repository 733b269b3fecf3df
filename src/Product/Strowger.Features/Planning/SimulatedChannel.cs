using Strowger.Engine;

namespace Strowger.Features.Planning;

/// <summary>A carrier that answers each part after the same time, behind a real stage.</summary>
internal sealed class SimulatedChannel(Stage stage, PlanChannel plan)
{
    /// <summary>As many as one look at the queue hands out.</summary>
    private const int MaxLeases = 512;

    /// <summary>The server's own timer is no finer: what is due in less is looked at after this.</summary>
    private static readonly long _least = TimeSpan.FromMilliseconds(1).Ticks;

    private readonly Lease[] _leases = new Lease[MaxLeases];
    private readonly Queue<(long Due, Lease Lease)> _inFlight = new();
    private readonly CompletionBatch _done = new();
    private readonly long _latency = plan.Latency.Ticks;

    public Stage Stage => stage;

    public long HandedOver { get; private set; }

    /// <summary>When something happens here by itself: an answer, or a token.</summary>
    public long Next => Math.Min(_inFlight.TryPeek(out var first) ? first.Due : long.MaxValue, WakeAt);

    private long WakeAt { get; set; } = long.MaxValue;

    /// <summary>Takes the answers that are due; true when there were any.</summary>
    public bool Answer(long now)
    {
        _done.Clear();
        while (_inFlight.TryPeek(out var first) && first.Due <= now)
        {
            _done.Add(first.Lease.Id, first.Lease.Token, Outcome.Done());
            _inFlight.Dequeue();
        }

        if (_done.Count == 0)
        {
            return false;
        }

        stage.Complete(_done);
        return true;
    }

    public bool IsDue(long now) => WakeAt <= now;

    /// <summary>Hands over what may go now.</summary>
    public void HandOver(long now, Action<Lease> handed)
    {
        WakeAt = long.MaxValue;
        while (true)
        {
            var count = stage.TryLease(_leases, null, out var wait);
            if (count == 0)
            {
                WakeAt = wait == Timeout.InfiniteTimeSpan ? long.MaxValue : now + Math.Max(wait.Ticks + 1, _least);
                return;
            }

            HandedOver += count;
            foreach (var lease in _leases.AsSpan(0, count))
            {
                _inFlight.Enqueue((now + _latency, lease));
                handed(lease);
            }
        }
    }

    public bool IsIdle => _inFlight.Count == 0;
}

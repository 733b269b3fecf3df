using Strowger.Engine.Queues;

namespace Strowger.Engine.Limits;

/// <summary>
/// One bucket of a stage's limit: tokens by rate, a count by day, and the flows that sleep until it has room, first come first served
/// within a lane and urgent ones before all others. Guarded by the engine's lock.
/// </summary>
internal sealed class LimitBucket
{
    private readonly Flow?[] _first = new Flow?[JobQueue.LaneCount];
    private readonly Flow?[] _last = new Flow?[JobQueue.LaneCount];
    private long _seenDay;
    private long _inHand;
    private long _carried;

    public LimitBucket(LimitOptions options, string key, DayCount day)
    {
        Options = options;
        Key = key;
        Day = day;
        _seenDay = day.StartMs;
    }

    public LimitOptions Options { get; private set; }

    /// <summary>Empty where keys share it.</summary>
    public string Key { get; }

    public DayCount Day { get; }

    public TokenBucket? Rate { get; private set; }

    /// <summary>Its count stands in no record yet.</summary>
    public bool IsTouched { get; set; }

    /// <summary>When its sleepers are looked at next, a timestamp; 0 = nobody sleeps.</summary>
    public long TimedAt { get; set; }

    public bool HasSleepers => _first[0] is not null || _first[1] is not null || _first[2] is not null;

    /// <summary>Nothing would be lost if it were made anew.</summary>
    public bool IsIdle(long nowMs) =>
        !HasSleepers && _inHand == 0 && (Day.Used == 0 || nowMs >= Day.EndMs) && (Rate is null || Rate.IsFull);

    /// <param name="options">Its limit, perhaps changed.</param>
    /// <param name="rate">The rate's tokens; null = no limit by rate.</param>
    /// <param name="nowMs">Wall clock.</param>
    public void Set(LimitOptions options, TokenBucket? rate, long nowMs)
    {
        Options = options;
        Rate = rate;
        if (nowMs < Day.EndMs)
        {
            // Another time zone: what was counted counts on, so that no day has more than its own.
            (Day.StartMs, Day.EndMs) = options.DayOf(nowMs);
            _seenDay = Day.StartMs;
        }
    }

    /// <summary>Until so much may go; zero = now.</summary>
    public TimeSpan Until(int cost, long nowMs)
    {
        var wait = Rate?.Until(cost) ?? TimeSpan.Zero;
        if (Options.PerDay is { } most)
        {
            Roll(nowMs);
            var day = Day.Used + cost > most ? TimeSpan.FromMilliseconds(Math.Max(1, Day.EndMs - nowMs)) : TimeSpan.Zero;
            wait = day > wait ? day : wait;
        }

        return wait;
    }

    /// <summary>How many jobs of cost 1 may go now.</summary>
    public long Room(long nowMs)
    {
        var room = Rate?.Whole ?? long.MaxValue;
        if (Options.PerDay is { } most)
        {
            Roll(nowMs);
            room = Math.Min(room, Math.Max(0, most - Day.Used));
        }

        return room;
    }

    public void Take(int cost, long nowMs)
    {
        Rate?.Take(cost);
        _inHand += cost;
        if (Options.PerDay is not null)
        {
            Roll(nowMs);
            Day.Used += cost;
        }
    }

    /// <summary>A job that was taken is back. True when it had not gone out and the day's count has it again.</summary>
    public bool Complete(int cost, OutcomeKind kind, long nowMs)
    {
        if (_inHand < cost)
        {
            // Handed out before this bucket was there.
            return false;
        }

        Roll(nowMs);
        _inHand -= cost;
        if (kind == OutcomeKind.Busy)
        {
            Rate?.Drain();
        }

        if (_carried > 0)
        {
            // Perhaps of yesterday's count: better one too few today than one too many.
            _carried = Math.Max(0, _carried - cost);
            return false;
        }

        if (Options.PerDay is null || kind is not (OutcomeKind.Busy or OutcomeKind.Narrow or OutcomeKind.Unreachable))
        {
            return false;
        }

        Day.Used = Math.Max(0, Day.Used - cost);
        return true;
    }

    /// <summary>Whether a flow of this lane would go before others that have waited longer, or before more urgent ones.</summary>
    public bool HasSleepersUpTo(Lane lane)
    {
        for (var i = 0; i <= (int)lane; i++)
        {
            if (_first[i] is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="flow">Goes to sleep.</param>
    /// <param name="isFirst">It has waited for its turn before and found too little.</param>
    public void AddSleeper(Flow flow, bool isFirst)
    {
        var lane = (int)flow.Lane;
        flow.NextSleeper = null;
        if (_first[lane] is null)
        {
            _first[lane] = _last[lane] = flow;
        }
        else if (isFirst)
        {
            flow.NextSleeper = _first[lane];
            _first[lane] = flow;
        }
        else
        {
            _last[lane]!.NextSleeper = flow;
            _last[lane] = flow;
        }
    }

    public Flow? TakeSleeper()
    {
        for (var lane = 0; lane < _first.Length; lane++)
        {
            if (_first[lane] is { } flow)
            {
                _first[lane] = flow.NextSleeper;
                flow.NextSleeper = null;
                return flow;
            }
        }

        return null;
    }

    /// <summary>A new day begins its count at nothing; what is still in hand belongs to the old one.</summary>
    private void Roll(long nowMs)
    {
        if (Options.PerDay is null)
        {
            return;
        }

        if (nowMs >= Day.EndMs)
        {
            (Day.StartMs, Day.EndMs) = Options.DayOf(nowMs);
            Day.Used = 0;
        }

        if (_seenDay != Day.StartMs)
        {
            _seenDay = Day.StartMs;
            _carried = _inHand;
        }
    }
}

using Strowger.Engine.Events;
using Strowger.Engine.Limits;
using Strowger.Engine.Queues;

namespace Strowger.Engine;

/// <summary>
/// All flows of one name, whatever their queue and lane, to be held, let go, slowed down and emptied together: a campaign, a
/// customer. Flows that come later belong to it too. Nothing of it is kept over a restart: whoever holds a group says so again
/// before stages are added.
/// </summary>
public sealed class FlowGroup
{
    /// <summary>Jobs cancelled under one hold of the gate, so that hand-outs of others wait well under a millisecond.</summary>
    private const int CancelAtOnce = 256;

    private readonly EngineCore _core;
    private readonly List<Flow> _flows = [];
    private TokenBucket[] _limits = [];

    private FlowGroup(EngineCore core, string name)
    {
        _core = core;
        Name = name;
    }

    public string Name { get; }

    public bool IsPaused { get; private set; }

    /// <summary>The group of a name; the same one for each call until it is forgotten.</summary>
    /// <exception cref="ArgumentException">The name is empty or longer than <see cref="EngineLimits.MaxNameBytes"/>.</exception>
    public static FlowGroup Of(JobEngine engine, string name)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Names.Check(name, nameof(name), mayBeEmpty: false);
        lock (engine.State.Gate)
        {
            return engine.State.Flows.GroupOf(name, () => new FlowGroup(engine.Core, name));
        }
    }

    /// <summary>Hands out nothing more of it; what is in hand goes on. Takes effect before it returns, at any length of queue.</summary>
    public void Pause()
    {
        lock (_core.State.Gate)
        {
            IsPaused = true;
            _flows.ForEach(Hold);
        }
    }

    public void Resume()
    {
        lock (_core.State.Gate)
        {
            IsPaused = false;
            _flows.ForEach(LetGo);
        }
    }

    /// <summary>Buckets that every job of the group counts against, beside its stage's rate; none lifts them.</summary>
    public void SetLimits(params TokenBucket[] limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        lock (_core.State.Gate)
        {
            _limits = [.. limits];
            foreach (var flow in _flows)
            {
                flow.Limits = _limits;
                LookAgain(flow);
            }
        }
    }

    /// <summary>A new rate of one of its buckets.</summary>
    public void ChangeLimit(TokenBucket limit, double rate, double capacity)
    {
        ArgumentNullException.ThrowIfNull(limit);
        lock (_core.State.Gate)
        {
            limit.Change(rate, capacity);
            _flows.ForEach(LookAgain);
        }
    }

    public FlowGroupInfo GetInfo()
    {
        lock (_core.State.Gate)
        {
            return new FlowGroupInfo(_flows.Sum(f => f.Ready), _flows.Sum(f => f.Live), _flows.Sum(f => f.InHand));
        }
    }

    /// <summary>Jobs of the group in any live state, in one queue.</summary>
    public long LiveIn(string queue)
    {
        lock (_core.State.Gate)
        {
            var live = 0L;
            foreach (var flow in _flows)
            {
                live += flow.Queue.Name == queue ? flow.Live : 0;
            }

            return live;
        }
    }

    /// <summary>Cancels what is ready. What waits for a second attempt or is in hand is not touched: call it again while jobs live.</summary>
    /// <returns>How many, once that is on disk.</returns>
    /// <exception cref="JournalFullException">The disk takes nothing; those cancelled before stay so.</exception>
    public async ValueTask<long> CancelReadyAsync(int code, CancellationToken cancel = default)
    {
        var total = 0L;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            int count;
            long end;
            lock (_core.State.Gate)
            {
                count = CancelSome(code);
                end = _core.Journal.End;
            }

            if (count == 0)
            {
                await _core.Journal.WaitDurableAsync(end, cancel).ConfigureAwait(false);
                return total;
            }

            total += count;
        }
    }

    /// <summary>Lets go of the name: its flows are handed out as any other.</summary>
    public void Forget()
    {
        lock (_core.State.Gate)
        {
            _core.State.Flows.Forget(this);
            foreach (var flow in _flows)
            {
                flow.Limits = [];
                LetGo(flow);
            }

            _flows.Clear();
        }
    }

    internal void Join(Flow flow)
    {
        _flows.Add(flow);
        flow.Limits = _limits;
        if (IsPaused)
        {
            Hold(flow);
        }
    }

    internal void Leave(Flow flow) => _flows.Remove(flow);

    /// <summary>A flow that sleeps for a slow bucket would not notice a faster one before its old time.</summary>
    private void LookAgain(Flow flow)
    {
        _core.Clockwork.Rouse(flow);
        flow.Queue.WakeStages();
    }

    private static void Hold(Flow flow)
    {
        flow.Paused = true;
        flow.Queue.Lanes[(int)flow.Lane].Remove(flow);
    }

    private static void LetGo(Flow flow)
    {
        flow.Paused = false;
        if (flow.Head != 0 && !flow.Asleep)
        {
            flow.Queue.Lanes[(int)flow.Lane].Add(flow);
        }

        flow.Queue.WakeStages();
    }

    private int CancelSome(int code)
    {
        if (!_core.CanWrite)
        {
            throw new Journaling.JournalFullException("The disk is full or failing: nothing can be recorded. Make space; it goes on by itself.");
        }

        var count = 0;
        foreach (var flow in _flows)
        {
            while (count < CancelAtOnce && _core.State.SkipDropped(flow))
            {
                var id = flow.Head;
                if (!_core.TryDrop(id, EntryKind.Cancelled, code))
                {
                    throw new InvalidOperationException($"Job {id} is first in its flow and does not wait.");
                }

                count++;
            }
        }

        _core.Flush();
        return count;
    }
}

/// <summary>Jobs of a group: ready, in any live state, in hand now.</summary>
public readonly record struct FlowGroupInfo(long Ready, long Live, long InHand);

namespace Strowger.Engine.Queues;

/// <summary>Flows of one lane that have work, in a ring, so that each takes its turn in O(1).</summary>
internal sealed class FlowRing
{
    public Flow? Current { get; private set; }

    public int Count { get; private set; }

    /// <summary>Adds a flow as the last to have its turn.</summary>
    public void Add(Flow flow)
    {
        if (flow.NextInRing is not null)
        {
            return;
        }

        if (Current is null)
        {
            flow.NextInRing = flow.PreviousInRing = flow;
            Current = flow;
        }
        else
        {
            var last = Current.PreviousInRing!;
            flow.PreviousInRing = last;
            flow.NextInRing = Current;
            last.NextInRing = flow;
            Current.PreviousInRing = flow;
        }

        Count++;
    }

    public void Remove(Flow flow)
    {
        if (flow.NextInRing is null)
        {
            return;
        }

        if (ReferenceEquals(flow.NextInRing, flow))
        {
            Current = null;
        }
        else
        {
            flow.PreviousInRing!.NextInRing = flow.NextInRing;
            flow.NextInRing.PreviousInRing = flow.PreviousInRing;
            if (ReferenceEquals(Current, flow))
            {
                Current = flow.NextInRing;
            }
        }

        flow.NextInRing = flow.PreviousInRing = null;
        flow.HasTurn = false;
        flow.Deficit = 0;
        Count--;
    }

    public void Advance()
    {
        if (Current is { } current)
        {
            current.HasTurn = false;
            Current = current.NextInRing;
        }
    }
}

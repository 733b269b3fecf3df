using Strowger.Engine.Limits;
using Strowger.Engine.Queues;

namespace Strowger.Engine.Stages;

/// <summary>Gives out jobs as width, rate and limits allow. Guarded by the engine's lock.</summary>
internal sealed class HandOut(EngineCore core, Stage stage, LanePicker picker, Pacer pacer)
{
    /// <summary>Jobs handed out, second attempts included.</summary>
    public long[] ByLane { get; } = new long[JobQueue.LaneCount];

    /// <summary>Whether the rate allowed nothing at the last look.</summary>
    public bool LackedTokens { get; private set; }

    public int Take(Span<Lease> into, TimeSpan? leaseTime)
    {
        if (!core.CanWrite)
        {
            return 0;
        }

        var width = stage.Width;
        var urgent = stage.Options.UrgentSlots ?? (width > 1 ? Math.Max(1, width / 16) : 0);
        var tokens = pacer.Available();
        LackedTokens = tokens <= 0;
        var count = 0;
        while (count < into.Length && stage.InFlight < width && tokens > 0)
        {
            if (picker.Next(urgentOnly: stage.InFlight >= width - urgent) is not { } flow)
            {
                break;
            }

            into[count] = One(flow, leaseTime);
            tokens -= into[count].Cost;
            count++;
        }

        return count;
    }

    private Lease One(Flow flow, TimeSpan? leaseTime)
    {
        var id = flow.Head;
        ref var slot = ref core.State.Jobs.Find(id);
        EngineState.UnlinkHead(ref slot, flow);
        foreach (var limit in flow.Limits)
        {
            limit.Take(slot.Cost);
        }

        if (stage.Limits.IsActive)
        {
            stage.Limits.Take(flow.Key!, slot.Cost);
            flow.HasWaited = false;
        }

        pacer.Take(slot.Cost);
        flow.Queue.Leased++;
        ByLane[(int)flow.Lane]++;
        flow.InHand++;
        stage.InFlight++;
        var untilMs = leaseTime is { } life ? core.NowMs + (long)life.TotalMilliseconds : 0;
        if (stage.Options.KeepLeases)
        {
            core.WriteLeaseEnd(ref slot, id, EntryKind.Leased, slot.Attempts + 1, stage.Number, untilMs, default);
        }
        else
        {
            core.Write(ref slot, id, EntryKind.Leased, slot.Attempts + 1, 0, stage.Number, default);
        }

        if (leaseTime is { } time)
        {
            slot.Next = core.MonotonicMs + (long)time.TotalMilliseconds;
            core.State.Timers.AddLeaseEnd(id, slot.Token, slot.Next);
        }

        return new Lease(new Strowger.Engine.JobId(id), slot.Token, slot.BodyPosition, slot.Part, slot.Parts, slot.Attempts, flow.Lane, slot.Cost) { UntilMs = untilMs };
    }
}

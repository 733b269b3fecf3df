using System.Runtime.CompilerServices;
using Strowger.Engine.Jobs;
using Strowger.Engine.Journaling;
using Strowger.Engine.Queues;

namespace Strowger.Engine.Stages;

/// <summary>Leases in the hands of other processes: they end by time, are extended, and outlive this one. Guarded by the engine's lock.</summary>
internal static class HeldLeases
{
    public static bool TryExtend(EngineCore core, Stage stage, long id, int token, TimeSpan time, ReadOnlySpan<byte> data, out long untilMs)
    {
        untilMs = 0;
        ref var slot = ref core.State.Jobs.Find(id);
        if (Unsafe.IsNullRef(ref slot) || slot.State != JobState.Leased || slot.Token != token || slot.Stage != stage.Number)
        {
            return false;
        }

        if (!core.CanWrite)
        {
            throw new JournalFullException("The disk is full or failing: nothing can be recorded. Make space; it goes on by itself.");
        }

        var life = (long)time.TotalMilliseconds;
        untilMs = Math.Max(slot.DueMs, core.NowMs + life);
        slot.Next = Math.Max(slot.Next, core.MonotonicMs + life);
        core.WriteLeaseEnd(ref slot, id, EntryKind.Touched, slot.Attempts, stage.Number, untilMs, data);
        core.Flush();
        return true;
    }

    /// <summary>Somebody else holds it since before the restart: its lease goes on.</summary>
    public static void Reinstate(EngineCore core, Stage stage, ref JobSlot slot, long id)
    {
        var flow = core.State.Flows[slot.Flow];
        flow.Queue.Unsure--;
        flow.Queue.Leased++;
        flow.InHand++;
        stage.Reinstate();
        slot.State = JobState.Leased;
        var left = LeaseTimes.Left(slot.DueMs, core.NowMs, stage.Options);
        slot.DueMs = core.NowMs + left;
        slot.Next = core.MonotonicMs + left;
        core.State.Timers.AddLeaseEnd(id, slot.Token, slot.Next);
    }
}

using System.Runtime.CompilerServices;
using Strowger.Engine.Limits;
using Strowger.Engine.Queues;

namespace Strowger.Engine;

/// <summary>What a live job waits for.</summary>
public enum WaitReason : byte
{
    /// <summary>It is not live.</summary>
    None,

    /// <summary>Taken in, not on disk yet.</summary>
    NotDurable,

    /// <summary>Its due time.</summary>
    Due,

    /// <summary>Its queue is paused.</summary>
    QueuePaused,

    /// <summary>Nothing drains its queue.</summary>
    NoStage,

    /// <summary>All that drains its queue is paused.</summary>
    StagePaused,

    /// <summary>A bucket of its flow.</summary>
    Limit,

    /// <summary>As many of its flow are in hand as may be.</summary>
    FlowWidth,

    /// <summary>As many are in hand as may be.</summary>
    Width,

    /// <summary>The rate of what drains its queue.</summary>
    Rate,

    /// <summary>Its turn, or somebody who asks for work.</summary>
    Turn,

    /// <summary>It is in hand.</summary>
    InHand,

    /// <summary>Nobody knows whether it was done; it is decided when its grace is over.</summary>
    Unsure,
}

/// <summary>Why a job does not run. <paramref name="Ready"/>: ready jobs of its queue, itself among them.</summary>
public readonly record struct JobWait(WaitReason Reason, long Ready)
{
    /// <summary>The limit of a stage that it waits for, by name; null = none, or a bucket of its flow.</summary>
    public LimitOptions? Limit { get; init; }

    /// <summary>When that limit lets the first of its flow go, Unix milliseconds.</summary>
    public long LimitUntilMs { get; init; }

    public static JobWait Of(JobEngine engine, JobId id)
    {
        ArgumentNullException.ThrowIfNull(engine);
        lock (engine.State.Gate)
        {
            ref var slot = ref engine.State.Jobs.Find(id.Value);
            if (Unsafe.IsNullRef(ref slot) || slot.State.IsOver())
            {
                return default;
            }

            var flow = engine.State.Flows[slot.Flow];
            var reason = slot.State switch
            {
                JobState.Accepted => WaitReason.NotDurable,
                JobState.Scheduled => WaitReason.Due,
                JobState.Leased => WaitReason.InHand,
                JobState.Unsure => WaitReason.Unsure,
                _ => OfReady(flow),
            };
            var wait = new JobWait(reason, flow.Queue.Ready);
            return reason == WaitReason.Limit && LimitOf(flow, slot.Cost, engine.Core.NowMs, out var left) is { } bucket
                ? wait with { Limit = bucket.Options, LimitUntilMs = engine.Core.NowMs + (long)left.TotalMilliseconds }
                : wait;
        }
    }

    /// <summary>Of the stages that may take it, the one whose limit ends first.</summary>
    private static LimitBucket? LimitOf(Flow flow, int cost, long nowMs, out TimeSpan left)
    {
        if (flow.SleepsFor is { } slept)
        {
            // Perhaps there is room by now and the flow is about to be woken: it waits for it all the same.
            left = slept.Until(cost, nowMs);
            return slept;
        }

        LimitBucket? found = null;
        left = TimeSpan.Zero;
        foreach (var stage in flow.Queue.Stages)
        {
            if (flow.Key is not null && stage is { Limits.IsActive: true } && stage.Limits.Lacking(flow, cost, mayQueue: false, out var wait) is { } bucket
                && (found is null || wait < left))
            {
                (found, left) = (bucket, wait);
            }
        }

        return found;
    }

    private static bool IsHeldBy(Stage stage, Flow flow) =>
        stage.Limits.IsActive && (flow.Key is null || stage.Limits.Lacking(flow, 1, mayQueue: false, out _) is not null);

    private static WaitReason OfReady(Flow flow)
    {
        if (flow.Queue.Paused)
        {
            return WaitReason.QueuePaused;
        }

        if (flow.Asleep)
        {
            return WaitReason.Limit;
        }

        // Of several stages the one that is nearest to taking it counts.
        var nearest = WaitReason.NoStage;
        foreach (var stage in flow.Queue.Stages)
        {
            if (stage is null)
            {
                continue;
            }

            var reason = stage.IsPaused ? WaitReason.StagePaused
                : IsHeldBy(stage, flow) ? WaitReason.Limit
                : flow.InHand >= (stage.Options.FlowWidth ?? int.MaxValue) ? WaitReason.FlowWidth
                : stage.InFlight >= stage.Width ? WaitReason.Width
                : stage.IsHeldByRate ? WaitReason.Rate
                : WaitReason.Turn;
            nearest = reason > nearest ? reason : nearest;
        }

        return nearest;
    }
}

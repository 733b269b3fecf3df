using System.Globalization;
using System.Text;
using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>Why an attempt failed and why a job waits, in words.</summary>
public static class JobReasons
{
    /// <param name="code">The outcome's.</param>
    /// <param name="data">What its worker said, UTF-8.</param>
    public static JobReason Of(int code, ReadOnlySpan<byte> data) => code switch
    {
        EngineCodes.LeaseEnded => new("lease_ended", "Its worker did not say in time what became of it, or that it goes on."),
        EngineCodes.BodyDamaged => new("unreadable", "Its record on disk is damaged."),
        EngineCodes.HeldUnsure => new("held_unsure", "Nobody knows whether it was done."),
        JobCodes.GivenUp => new("given_up", data.IsEmpty ? "Its worker gave it up." : Encoding.UTF8.GetString(data)),
        _ => new("failed", data.IsEmpty ? "Its worker said that it failed." : Encoding.UTF8.GetString(data)),
    };

    /// <summary>Null when it runs or is over.</summary>
    internal static JobReason? Of(JobWait wait, WorkQueue? queue, int attempts) => wait.Reason switch
    {
        WaitReason.NotDurable => new("not_durable", "It is on its way to disk."),
        WaitReason.Due => attempts > 0 ? new("backoff", "It failed, and is tried again at run_at.") : new("due", "It is due at run_at."),
        WaitReason.QueuePaused => new("queue_paused", "Its queue is paused."),
        WaitReason.Limit => new("limit", "Its flow has used up its rate."),
        WaitReason.FlowWidth => new("flow_width", Text($"As many jobs of its flow are in hand as may be ({queue?.Settings.FlowWidth}).")),
        WaitReason.Width => new("width", Text($"As many jobs of its queue are in hand as may be ({queue?.Stage.Width}).")),
        WaitReason.Rate => new("rate", Text($"Its queue hands out {queue?.Settings.Rate} a second at most.")),
        WaitReason.Turn => OfTurn(wait, queue),
        WaitReason.NoStage or WaitReason.StagePaused => new("no_worker", "Nobody may take jobs of its queue."),
        WaitReason.Unsure => new("restart", "The server has just started."),
        _ => null,
    };

    private static JobReason OfTurn(JobWait wait, WorkQueue? queue)
    {
        if (queue?.SinceAsked is not { } since)
        {
            return new("no_worker", "No worker has asked for jobs of its queue since the server started.");
        }

        return since > JobLimits.WorkerGone
            ? new("no_worker", Text($"No worker has asked for jobs of its queue for {since.TotalSeconds:0} s."))
            : new("turn", Text($"{wait.Ready} jobs of its queue are ready, itself among them."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

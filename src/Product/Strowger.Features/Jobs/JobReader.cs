using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>A job by its id, from the engine and the journal: true the moment it happens, no read model needed.</summary>
internal sealed class JobReader(JobEngine engine, WorkQueues queues)
{
    /// <summary>Null when there is none of ours, or its history is past its retention.</summary>
    public JobView? Read(JobId id)
    {
        // Asked before the history is read: what happens in between is in the history, and a state may be older than it, never newer.
        var wait = JobWait.Of(engine, id);
        var info = engine.Find(id);
        var story = new JobStory();
        if (info.State == JobState.None || !JobHistory.Read(engine, id, story.Take) || !story.IsKnown)
        {
            return null;
        }

        var queue = queues.Find(story.Queue);
        var isOver = info.State.IsOver();
        return new JobView
        {
            Id = id,
            Queue = story.Queue,
            State = WordOf(info, engine.Time.GetUtcNow().ToUnixTimeMilliseconds()),
            Lane = story.Lane,
            Flow = story.Flow,
            Attempts = isOver ? story.Attempts : info.Attempts,
            MaxAttempts = story.MaxAttempts > 0 ? story.MaxAttempts : queue?.Stage.Options.MaxAttempts ?? JobLimits.DefaultMaxAttempts,
            EnqueuedMs = story.EnqueuedMs,
            DueMs = info.State == JobState.Scheduled ? info.DueMs : story.DueMs,
            ExpiresMs = story.ExpiresMs,
            LeaseUntilMs = info.State == JobState.Leased ? info.DueMs : 0,
            FinishedMs = isOver ? story.FinishedMs : 0,
            WaitsFor = isOver ? null : JobReasons.Of(wait, queue, info.Attempts),
            Error = info.State == JobState.Done ? null : story.Error,
            RequeuedAs = story.RequeuedAs,
            Progress = story.Progress,
            Result = story.Result,
            IsOctets = story.IsOctets,
            Body = story.Body,
            Headers = story.Headers,
        };
    }

    public static string WordOf(in JobInfo info, long nowMs) => info.State switch
    {
        JobState.Scheduled => "scheduled",
        JobState.Accepted => info.DueMs > nowMs ? "scheduled" : "ready",
        JobState.Ready => "ready",
        JobState.Leased or JobState.Unsure => "leased",
        JobState.Done => "done",
        JobState.Dead => "dead",
        JobState.Cancelled => "cancelled",
        _ => "expired",
    };
}

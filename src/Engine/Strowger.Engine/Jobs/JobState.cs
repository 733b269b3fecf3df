namespace Strowger.Engine;

/// <summary>
/// Where a job is. Accepted → Scheduled | Ready → Leased → Done | Dead, back to Ready or Scheduled for another attempt,
/// or to Unsure when nobody knows whether the work was done. Cancelled and Expired are ours, before the work began.
/// </summary>
public enum JobState : byte
{
    /// <summary>Not known: never existed, or its history is past its retention.</summary>
    None = 0,

    /// <summary>Taken in, not yet durable; its sender has not been answered.</summary>
    Accepted = 1,

    /// <summary>Waits for its due time.</summary>
    Scheduled = 2,

    Ready = 3,
    Leased = 4,

    /// <summary>Was handed out and the answer is lost (crash, cut connection, time-out); waits to be settled.</summary>
    Unsure = 5,

    Done = 6,

    /// <summary>Given up: refused for good, attempts used up, or held as unsure.</summary>
    Dead = 7,

    Cancelled = 8,
    Expired = 9,
}

public static class JobStates
{
    /// <summary>True when the job has come to its end: done, dead, cancelled or expired.</summary>
    public static bool IsOver(this JobState state) => state >= JobState.Done;
}

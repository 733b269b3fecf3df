namespace Strowger.Engine.Journaling;

/// <summary>What the disk still takes. The journal refuses appends only when <see cref="Stopped"/>; the rest is the callers' part.</summary>
public enum JournalSpace
{
    /// <summary>The next segment is allocated.</summary>
    Normal,

    /// <summary>The next segment cannot be allocated: what is left of the current one is the reserve for outcomes of work in flight.</summary>
    OutcomesOnly,

    /// <summary>The reserve is used up, or the disk fails: every append is refused until space returns.</summary>
    Stopped,
}

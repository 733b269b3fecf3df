namespace Strowger.Engine;

/// <summary>Reasons of the engine's own; a feature's codes are 0 or above.</summary>
public static class EngineCodes
{
    /// <summary>A handed-out job came back because its lease ended.</summary>
    public const int LeaseEnded = -1;

    /// <summary>Given up because nobody knows whether it was done and the stage says to hold.</summary>
    public const int HeldUnsure = -2;

    /// <summary>The handler took longer than its time limit.</summary>
    public const int TimedOut = -3;

    /// <summary>The handler threw.</summary>
    public const int HandlerFailed = -4;

    /// <summary>The job's body could not be read back from the journal.</summary>
    public const int BodyDamaged = -5;

    /// <summary>It costs more than a limit of its stages grants in a day, perhaps since that was lowered: it could wait for ever.</summary>
    public const int OverLimit = -6;
}

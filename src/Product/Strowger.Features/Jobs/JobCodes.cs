namespace Strowger.Features.Jobs;

/// <summary>This feature's reasons, beside the engine's (below 0). Numbers are part of the journal's format.</summary>
public static class JobCodes
{
    /// <summary>Its worker said that it failed for now; the entry's data is its error.</summary>
    public const int Failed = 0x20001;

    /// <summary>Its worker gave it up; the entry's data is its error.</summary>
    public const int GivenUp = 0x20002;

    /// <summary>Somebody took it back.</summary>
    public const int CancelledByUser = 0x20003;

    /// <summary>A fact about a job given up: it was put back as another. Its data is a <see cref="RequeuedFact"/>.</summary>
    public const int Requeued = 0x20004;
}

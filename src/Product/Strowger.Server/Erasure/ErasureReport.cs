namespace Strowger.Server.Erasure;

/// <summary>What an erasure did.</summary>
/// <param name="Cancelled">Jobs that waited, by parts: they are not done any more.</param>
/// <param name="Records">Records of the journal overwritten.</param>
/// <param name="Messages">Rows of lists changed.</param>
/// <param name="Received">Texts received that were deleted.</param>
/// <param name="Rows">Rows and places of campaigns' files overwritten.</param>
/// <param name="InFlight">Jobs that name it and are in a carrier's or a worker's hands: they keep it. Erase again when they are over.</param>
internal sealed record ErasureReport(long Cancelled, long Records, long Messages, long Received, long Rows, long InFlight);

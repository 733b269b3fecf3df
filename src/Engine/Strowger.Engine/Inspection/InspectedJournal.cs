namespace Strowger.Engine.Inspection;

/// <summary>What a journal's files hold.</summary>
/// <param name="Begin">First position.</param>
/// <param name="End">Position after the last record.</param>
/// <param name="Records">Records whose checksums are right.</param>
/// <param name="DamagedBytes">Octets that are no good record.</param>
/// <param name="Accepted">Jobs accepted within the history.</param>
/// <param name="Waiting">Jobs, counted by parts, that are neither done nor given up: a start goes on with them.</param>
/// <param name="NewestMs">Time of the last record, Unix milliseconds; 0 when there is none.</param>
/// <param name="IsCheckpointUsable">False when a checkpoint was named and cannot be read to its end, or is of another journal.</param>
public sealed record InspectedJournal(
    long Begin, long End, long Records, long DamagedBytes, long Accepted, long Waiting, long NewestMs, bool IsCheckpointUsable);

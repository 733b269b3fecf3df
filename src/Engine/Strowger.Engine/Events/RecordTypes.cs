namespace Strowger.Engine.Events;

/// <summary>Record types in the journal. Part of the format: numbers are never used again for something else.</summary>
internal static class RecordTypes
{
    public const byte Enqueue = 1;
    public const byte Entries = 2;
    public const byte FlowName = 3;
    public const byte StageName = 4;

    /// <summary>An enqueue record copied forward so that its old segment can go.</summary>
    public const byte Moved = 5;

    /// <summary>What was handed out in a day, as it stands then: <see cref="Limits.DayCounts"/>.</summary>
    public const byte DayCounts = 6;
}

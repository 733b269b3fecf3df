using System.Buffers.Binary;

namespace Strowger.Engine.Events;

/// <summary>Fixed data that the engine itself keeps with some entries, before the feature's own.</summary>
internal static class RetryData
{
    public const int DueBytes = 8;
    public const int FlowBytes = 4;

    public static long ReadDue(ReadOnlySpan<byte> data) =>
        data.Length < DueBytes ? 0 : BinaryPrimitives.ReadInt64LittleEndian(data);

    public static int ReadFlow(ReadOnlySpan<byte> data) =>
        data.Length < FlowBytes ? 0 : BinaryPrimitives.ReadInt32LittleEndian(data);

    /// <summary>Octets of an entry's data that are the engine's.</summary>
    public static int OwnBytes(EntryKind kind) => kind switch
    {
        EntryKind.Retry or EntryKind.Leased or EntryKind.Touched => DueBytes,
        EntryKind.RouteFault => FlowBytes,
        _ => 0,
    };
}

using System.Buffers.Binary;
using Strowger.Engine.Jobs;

namespace Strowger.Engine.Checkpointing;

/// <summary>Unique keys, oldest first: <code>u128 key, u32 kept until (unix s), i64 job, u64 content</code> each.</summary>
internal static class KeySection
{
    public const int KeyBytes = 36;

    public static void Write(Span<byte> to, in UniqueKeys.Held held)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(to, held.Key);
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], held.Until);
        BinaryPrimitives.WriteInt64LittleEndian(to[20..], held.Id);
        BinaryPrimitives.WriteUInt64LittleEndian(to[28..], held.Content);
    }

    public static void Read(ReadOnlySpan<byte> from, UniqueKeys into)
    {
        for (; from.Length >= KeyBytes; from = from[KeyBytes..])
        {
            into.Restore(new UniqueKeys.Held(
                BinaryPrimitives.ReadUInt128LittleEndian(from),
                BinaryPrimitives.ReadInt64LittleEndian(from[20..]),
                BinaryPrimitives.ReadUInt64LittleEndian(from[28..]),
                BinaryPrimitives.ReadUInt32LittleEndian(from[16..])));
        }
    }
}

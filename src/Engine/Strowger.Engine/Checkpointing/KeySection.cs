using System.Buffers.Binary;
using Strowger.Engine.Jobs;

namespace Strowger.Engine.Checkpointing;

/// <summary>Unique keys, oldest first: <code>u128 key, u32 kept until (unix s), i64 job, u64 content</code> each.</summary>
internal static class KeySection
{
    public const int KeyBytes = 36;
    public const int KeysPerSection = 8192;

    public static void Write(Span<byte> to, UInt128 key, uint until, long id, ulong content)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(to, key);
        BinaryPrimitives.WriteUInt32LittleEndian(to[16..], until);
        BinaryPrimitives.WriteInt64LittleEndian(to[20..], id);
        BinaryPrimitives.WriteUInt64LittleEndian(to[28..], content);
    }

    public static void Read(ReadOnlySpan<byte> from, UniqueKeys into)
    {
        for (; from.Length >= KeyBytes; from = from[KeyBytes..])
        {
            into.Restore(
                BinaryPrimitives.ReadUInt128LittleEndian(from),
                BinaryPrimitives.ReadUInt32LittleEndian(from[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[20..]),
                BinaryPrimitives.ReadUInt64LittleEndian(from[28..]));
        }
    }
}

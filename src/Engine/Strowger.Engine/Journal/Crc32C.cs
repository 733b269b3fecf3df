using System.Buffers.Binary;
using System.Numerics;

namespace Strowger.Engine.Journaling;

/// <summary>
/// CRC-32C (Castagnoli), RFC 3720 section 12.1. <see cref="BitOperations"/> uses SSE 4.2 or the Arm CRC32 instructions
/// and falls back to a table. States are chained with <see cref="Append(uint, ReadOnlySpan{byte})"/>; a checksum is a finished state.
/// </summary>
internal static class Crc32C
{
    /// <summary>The state before the first byte.</summary>
    public const uint Start = 0xFFFF_FFFF;

    public static uint Append(uint state, ReadOnlySpan<byte> data)
    {
        while (data.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (byte b in data)
        {
            state = BitOperations.Crc32C(state, b);
        }

        return state;
    }

    public static uint Append(uint state, ulong value) => BitOperations.Crc32C(state, value);

    public static uint Finish(uint state) => ~state;

    public static uint Compute(ReadOnlySpan<byte> data) => Finish(Append(Start, data));
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Strowger.Engine.Jobs;

namespace Strowger.Engine.Checkpointing;

/// <summary>
/// A page of live jobs: <code>i64 page number, i64 journal end when it was copied, then for each job u8 index, slot (56 octets)</code>
/// Records before that end are already in it and are not replayed onto it.
/// </summary>
internal static class PageSection
{
    private const int FixedBytes = 16;
    private static readonly int _slotBytes = Unsafe.SizeOf<JobSlot>();

    public static int Write(JobPage page, long end, ref byte[] buffer)
    {
        var most = FixedBytes + (JobTable.PageSize * (1 + _slotBytes));
        if (buffer.Length < most)
        {
            buffer = new byte[most];
        }

        BinaryPrimitives.WriteInt64LittleEndian(buffer, page.Number);
        BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(8), end);
        var at = FixedBytes;
        for (var i = 0; i < page.Slots.Length; i++)
        {
            if (page.Slots[i].State is not JobState.None and < JobState.Done)
            {
                buffer[at] = (byte)i;
                MemoryMarshal.Write(buffer.AsSpan(at + 1), page.Slots[i]);
                at += 1 + _slotBytes;
            }
        }

        return at;
    }

    public static bool TryRead(ReadOnlySpan<byte> from, JobTable into, out long number, out long end)
    {
        (number, end) = (0, 0);
        if (from.Length < FixedBytes || (from.Length - FixedBytes) % (1 + _slotBytes) != 0)
        {
            return false;
        }

        number = BinaryPrimitives.ReadInt64LittleEndian(from);
        end = BinaryPrimitives.ReadInt64LittleEndian(from[8..]);
        for (from = from[FixedBytes..]; from.Length > 0; from = from[(1 + _slotBytes)..])
        {
            var saved = MemoryMarshal.Read<JobSlot>(from[1..]);
            if (saved.State is JobState.None or >= JobState.Done || saved.Parts == 0)
            {
                return false;
            }

            saved.Next = 0;
            saved.Linked = 0;
            saved.Unwritten = 0;
            into.Add((number << JobTable.PageBits) + from[0]) = saved;
        }

        return true;
    }
}

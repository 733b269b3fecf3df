using System.Buffers.Binary;
using System.Globalization;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Checkpointing;

/// <summary>
/// A checkpoint on disk: a header, then sections each with its own checksum; the last one marks the file as whole.
/// <code>
/// header   "STRWCKPT", u16 version, u16 zero, u32 zero, i64 replay from, i64 next job id
/// section  u32 type, u32 length, u32 CRC32C of the payload, payload
/// </code>
/// </summary>
internal static class CheckpointFile
{
    public const ushort Version = 1;
    public const int HeaderBytes = 32;
    public const int SectionBytes = 12;
    public const uint PageSection = 1;
    public const uint FlowSection = 2;
    public const uint StageSection = 3;
    public const uint KeySection = 4;
    public const uint EndSection = 5;

    /// <summary>A section is a page, a name or a chunk of keys: never near this.</summary>
    public const int MaxSectionBytes = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "STRWCKPT"u8;

    public static string PathOf(string directory, long position) =>
        Path.Combine(directory, position.ToString("x16", CultureInfo.InvariantCulture) + ".ckpt");

    /// <summary>Newest first.</summary>
    public static string[] List(string directory)
    {
        var files = Directory.Exists(directory) ? Directory.GetFiles(directory, "*.ckpt") : [];
        Array.Sort(files, (a, b) => string.CompareOrdinal(b, a));
        return files;
    }

    public static void WriteHeader(Stream to, long replayFrom, long nextId)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], replayFrom);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], nextId);
        to.Write(header);
    }

    public static void WriteSection(Stream to, uint type, ReadOnlySpan<byte> payload)
    {
        Span<byte> head = stackalloc byte[SectionBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(head, type);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], (uint)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], Crc32C.Compute(payload));
        to.Write(head);
        to.Write(payload);
    }

    /// <summary>False when the file is no checkpoint. A newer version throws: a start must not pretend it is not there.</summary>
    public static bool TryReadHeader(Stream from, out long replayFrom, out long nextId)
    {
        (replayFrom, nextId) = (0, 0);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (from.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.StartsWith(Magic))
        {
            return false;
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        if (version > Version)
        {
            throw new JournalException(
                $"The data directory was written by a newer Strowger (checkpoint format {version}; this one reads up to {Version}). Use that version or a newer one.");
        }

        replayFrom = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        nextId = BinaryPrimitives.ReadInt64LittleEndian(header[24..]);
        return true;
    }

    /// <summary>False at a damaged or cut section: the file is not used then.</summary>
    public static bool TryReadSection(Stream from, ref byte[] buffer, out uint type, out int length)
    {
        (type, length) = (0, 0);
        Span<byte> head = stackalloc byte[SectionBytes];
        if (from.ReadAtLeast(head, SectionBytes, throwOnEndOfStream: false) < SectionBytes)
        {
            return false;
        }

        type = BinaryPrimitives.ReadUInt32LittleEndian(head);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
        if (size > MaxSectionBytes)
        {
            return false;
        }

        length = (int)size;
        if (buffer.Length < length)
        {
            buffer = new byte[length];
        }

        var payload = buffer.AsSpan(0, length);
        return from.ReadAtLeast(payload, length, throwOnEndOfStream: false) == length
            && Crc32C.Compute(payload) == BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
    }
}

using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Strowger.SystemTests.Journal;

/// <summary>A segment of the journal as docs/formats/journal.md describes it, read without the program's own code.</summary>
internal static class JournalFile
{
    private const int HeaderBytes = 4096;
    private const int RecordHeaderBytes = 24;

    /// <summary>The last segment of a data directory.</summary>
    public static string LastSegment(string data) => Directory.GetFiles(Path.Combine(data, "journal"), "*.seg").Order(StringComparer.Ordinal).Last();

    /// <summary>The records, each with its place in the file.</summary>
    public static List<(int At, int Length, int Payload)> Records(byte[] segment)
    {
        List<(int At, int Length, int Payload)> records = [];
        var at = HeaderBytes;
        while (at + RecordHeaderBytes <= segment.Length && segment.AsSpan(at, 2).SequenceEqual("SJ"u8))
        {
            var payload = BinaryPrimitives.ReadInt32LittleEndian(segment.AsSpan(at + 4));
            var length = (RecordHeaderBytes + payload + 7) / 8 * 8;
            records.Add((at, length, payload));
            at += length;
        }

        return records;
    }

    /// <summary>The record that holds some text.</summary>
    public static (int At, int Length, int Payload) Find(byte[] segment, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        return Records(segment).Single(r => segment.AsSpan(r.At, r.Length).IndexOf(octets) >= 0);
    }

    /// <summary>Makes a segment one of a format that is still to come, with a sound header.</summary>
    public static void MakeNewer(string path)
    {
        using var file = File.Open(path, FileMode.Open);
        var header = new byte[36];
        file.ReadExactly(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(32), Crc32C(header.AsSpan(0, 32)));
        file.Position = 0;
        file.Write(header);
    }

    private static uint Crc32C(ReadOnlySpan<byte> octets)
    {
        var crc = uint.MaxValue;
        foreach (var octet in octets)
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        return ~crc;
    }
}

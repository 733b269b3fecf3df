using Microsoft.Win32.SafeHandles;
using Strowger.Engine.Journaling;

namespace Strowger.Load.Fuzzing;

/// <summary>A segment file of the journal, damaged: every good record is read, what lies between is skipped, and it comes to an end.</summary>
internal sealed class JournalFuzz : FuzzTarget
{
    private readonly OneFile _storage = new();

    public override string Name => "journal reader";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. Enumerable.Range(0, 8).Select(Segment)];

    public override void Read(ReadOnlySpan<byte> input)
    {
        _storage.Set(input);
        using var table = new SegmentTable(_storage, 1, static _ => { });
        table.Add(new Segment("/", 0, SegmentHeader.Bytes + input.Length, 0));
        var cursor = new RecordCursor(table, 0, 512);
        long before = -1;
        CursorStep step;
        while ((step = cursor.Next(input.Length, out var record)) != CursorStep.End)
        {
            Require(cursor.Position > before && cursor.Position <= input.Length, "reading goes forward and stays within the file");
            Require(step == CursorStep.Damage || record.Payload.Length <= input.Length, "a record lies within the file");
            before = cursor.Position;
        }
    }

    private static byte[] Segment(int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[1000];
        var at = 0;
        while (true)
        {
            var payload = new byte[random.Next(120)];
            random.NextBytes(payload);
            var total = RecordFormat.TotalBytes(payload.Length);
            if (at + total > bytes.Length)
            {
                return bytes;
            }

            RecordFormat.Write(bytes.AsSpan(at, total), at, (byte)random.Next(1, 6), payload, 1_700_000_000_000, RecordFormat.PayloadState(payload));
            at += total;
        }
    }

    /// <summary>The input as a segment file behind a header that nobody reads here.</summary>
    private sealed class OneFile : JournalStorage
    {
        private readonly byte[] _content = new byte[Mutator.MaxBytes];
        private int _length;

        public void Set(ReadOnlySpan<byte> content)
        {
            content.CopyTo(_content);
            _length = content.Length;
        }

        public override SafeFileHandle Open(string path, bool writable) => new(-1, ownsHandle: false);

        public override int Read(SafeFileHandle file, Span<byte> destination, long offset)
        {
            var from = (int)Math.Clamp(offset - SegmentHeader.Bytes, 0, _length);
            var count = Math.Min(destination.Length, _length - from);
            _content.AsSpan(from, count).CopyTo(destination);
            return count;
        }
    }
}

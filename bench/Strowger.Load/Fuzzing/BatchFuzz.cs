using System.Buffers;
using System.IO.Pipelines;
using Strowger.Features.Messaging;

namespace Strowger.Load.Fuzzing;

/// <summary>Batches, cut into pieces where the first octet says: lines come in order and once, each goes the way of a single message.</summary>
internal sealed class BatchFuzz : FuzzTarget
{
    private readonly MessageIntakePath _path = new();

    public override string Name => "NDJSON intake";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. JsonSeeds.Batches().SelectMany(batch => new byte[] { 1, 7, 64, 255 }.Select(size => (byte[])[size, .. batch]))];

    public override void Read(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }

        var pipe = PipeReader.Create(Cut(input[1..].ToArray(), Math.Max(16, input[0] * 4)));
        var reader = new BatchLineReader(pipe);
        long last = 0;
        while (Completed(reader.ReadAsync(CancellationToken.None)))
        {
            while (reader.TryNext(out var line))
            {
                Require(line.Number > last, "lines come in order, each once");
                Require(line.Json.Length <= MessageLimits.MaxLine, "a line has its greatest length");
                last = line.Number;
                if (line.Problem == BatchProblem.None)
                {
                    _path.Take(line.Json);
                }
            }
        }

        Require(reader.Number <= input.Length, "there are no more lines than octets");
        pipe.Complete();
    }

    private static bool Completed(ValueTask<bool> read)
    {
        Require(read.IsCompletedSuccessfully, "all of the input is there");
        return read.GetAwaiter().GetResult();
    }

    private static ReadOnlySequence<byte> Cut(byte[] bytes, int size)
    {
        var first = new Piece(bytes.AsMemory(0, Math.Min(size, bytes.Length)), 0);
        var last = first;
        for (var at = size; at < bytes.Length; at += size)
        {
            last = last.Append(bytes.AsMemory(at, Math.Min(size, bytes.Length - at)));
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}

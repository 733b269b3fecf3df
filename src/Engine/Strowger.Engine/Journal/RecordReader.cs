namespace Strowger.Engine.Journaling;

/// <summary>
/// Reads records by position where many of them lie near one another, such as the bodies of a queue in order: a few blocks are
/// kept, and going on where a block ends reads the next 64 KiB at once. One thread at a time.
/// </summary>
/// <remarks>
/// What stands at a position never changes, so a block is never wrong; every record is checked against its checksum all the same.
/// </remarks>
public sealed class RecordReader
{
    private const int BlockBytes = 64 * 1024;

    // A first look somewhere reads one page; only what goes on from there reads ahead.
    private const int FirstReadBytes = 4096;

    private readonly Journal _journal;
    private readonly Block[] _blocks;
    private byte[] _single = [];
    private long _uses;

    /// <param name="journal">The journal to read from.</param>
    /// <param name="blocks">Places read at in turn without reading twice, 1 to 1024; 64 KiB of memory each.</param>
    public RecordReader(Journal journal, int blocks = 8)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, 1024);
        _journal = journal;
        _blocks = new Block[blocks];
        for (int i = 0; i < blocks; i++)
        {
            _blocks[i] = new Block();
        }
    }

    /// <summary>Reads from disk so far.</summary>
    public long Reads { get; private set; }

    /// <summary>As <see cref="Journal.TryRead"/>; the record is valid until the next call.</summary>
    public bool TryRead(long position, out RecordView record)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        if (position >= _journal.Begin && position < _journal.WrittenEnd)
        {
            ReadOnlySpan<byte> bytes = Find(position, out int total);
            if (bytes.IsEmpty)
            {
                bytes = Load(position, out total);
            }

            if (!bytes.IsEmpty && RecordFormat.IsIntact(bytes[..total], position))
            {
                record = RecordFormat.View(bytes[..total], position);
                return true;
            }
        }

        // Still in memory, larger than a block, deleted or damaged: the journal knows, and tells of damage.
        Reads++;
        return _journal.TryRead(position, ref _single, out record);
    }

    /// <summary>The bytes from a position on if a block holds the whole record.</summary>
    private ReadOnlySpan<byte> Find(long position, out int total)
    {
        foreach (Block block in _blocks)
        {
            ReadOnlySpan<byte> bytes = block.From(position);
            if (RecordFormat.TryReadHeader(bytes, position, out total) && total <= bytes.Length)
            {
                block.LastUsed = ++_uses;
                return bytes;
            }
        }

        total = 0;
        return [];
    }

    private ReadOnlySpan<byte> Load(long position, out int total)
    {
        Block block = Choose(position, out bool goesOn);
        Fill(block, position, goesOn ? BlockBytes : FirstReadBytes);
        if (RecordFormat.TryReadHeader(block.From(position), position, out total) && total > block.Count && total <= BlockBytes && !goesOn)
        {
            Fill(block, position, BlockBytes);
        }

        return total > 0 && total <= block.Count ? block.From(position) : [];
    }

    private void Fill(Block block, long position, int bytes)
    {
        Reads++;
        block.Begin = position;
        block.Count = Math.Max(0, _journal.ReadBytes(position, block.Bytes.AsSpan(0, bytes)));
        block.LastUsed = ++_uses;
    }

    /// <summary>The block that ends shortly before the position or within its record, else the one not used for longest.</summary>
    private Block Choose(long position, out bool goesOn)
    {
        Block oldest = _blocks[0];
        foreach (Block block in _blocks)
        {
            if (block.Count > 0 && position > block.Begin && position <= block.Begin + block.Count + BlockBytes)
            {
                goesOn = true;
                return block;
            }

            if (block.LastUsed < oldest.LastUsed)
            {
                oldest = block;
            }
        }

        goesOn = false;
        return oldest;
    }

    private sealed class Block
    {
        public byte[] Bytes { get; } = new byte[BlockBytes];

        public long Begin { get; set; }

        public int Count { get; set; }

        public long LastUsed { get; set; }

        public ReadOnlySpan<byte> From(long position)
        {
            long offset = position - Begin;
            return offset < 0 || offset >= Count ? [] : Bytes.AsSpan((int)offset, Count - (int)offset);
        }
    }
}

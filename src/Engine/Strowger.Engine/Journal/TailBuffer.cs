namespace Strowger.Engine.Journaling;

/// <summary>
/// What has been appended and not yet synced, in memory: first to be written, then kept so that a failed sync can be made good
/// elsewhere. Appends go to the last of a list of chunks; a record never crosses chunks; chunks follow each other without a gap.
/// </summary>
internal sealed class TailBuffer
{
    // Two largest records a chunk, so that at worst half of it stays unused; small records share 256 KiB.
    private const int MinChunkBytes = 256 * 1024;

    // Kept for reuse: enough for a few group commits at full speed, and little beside an engine's own memory.
    private const int MaxFreeChunks = 8;

    private readonly Lock _gate = new();
    private readonly SpaceKeeper _space;
    private readonly int _chunkBytes;
    private readonly int _maxUnsynced;
    private readonly List<Chunk> _chunks = [];
    private readonly Stack<byte[]> _free = new();
    private long _end;
    private long _synced;
    private bool _closed;

    public TailBuffer(JournalOptions options, SpaceKeeper space, long end)
    {
        _space = space;
        _chunkBytes = Math.Max(MinChunkBytes, 2 * RecordFormat.TotalBytes(options.MaxRecordBytes));
        _maxUnsynced = options.MaxUnsyncedBytes;
        _end = end;
        _synced = end;
    }

    public long End => Volatile.Read(ref _end);

    public long UnsyncedBytes => Volatile.Read(ref _end) - Volatile.Read(ref _synced);

    public long Append(byte type, ReadOnlySpan<byte> payload, long timeMs)
    {
        // The long part of the checksum outside of the lock; the position comes last in it.
        uint state = RecordFormat.PayloadState(payload);
        int total = RecordFormat.TotalBytes(payload.Length);
        bool room;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(Journal));
            long position = _end;
            room = position + total <= _space.AppendLimit;
            if (room && position + total - _synced <= _maxUnsynced)
            {
                Span<byte> destination = Reserve(position, total);
                RecordFormat.Write(destination, position, type, payload, timeMs, state);
                Volatile.Write(ref _end, position + total);
                return position;
            }
        }

        if (room)
        {
            throw new JournalFullException($"{UnsyncedBytes} bytes wait to be synced, of {_maxUnsynced} allowed: the disk is too slow for what comes in.");
        }

        _space.AppendRefused(End);
        throw new JournalFullException("The disk is full or failing: nothing can be recorded. Make space; the journal goes on by itself.");
    }

    /// <summary>The bytes that follow a position in its chunk, below <paramref name="limit"/>. They stay as they are until released.</summary>
    public ReadOnlySpan<byte> Peek(long position, long limit)
    {
        lock (_gate)
        {
            Chunk chunk = _chunks[Find(position)];
            int offset = (int)(position - chunk.Begin);
            return chunk.Bytes.AsSpan(offset, (int)(Math.Min(chunk.End, limit) - position));
        }
    }

    /// <summary>Copies the record at a position if it is still in memory.</summary>
    public bool TryCopy(long position, ref byte[] buffer, out int total)
    {
        lock (_gate)
        {
            total = 0;
            int index = Find(position);
            if (index < 0 || position >= _chunks[index].End)
            {
                return false;
            }

            Chunk chunk = _chunks[index];
            ReadOnlySpan<byte> bytes = chunk.Bytes.AsSpan((int)(position - chunk.Begin), (int)(chunk.End - position));
            if (!RecordFormat.TryReadHeader(bytes, position, out total) || total > bytes.Length)
            {
                return false;
            }

            if (buffer.Length < total)
            {
                buffer = new byte[total];
            }

            bytes[..total].CopyTo(buffer);
            return true;
        }
    }

    /// <summary>Puts other bytes in the place of a durable record, if it is still in memory: the writer looks at it no more.</summary>
    public void Overwrite(long position, ReadOnlySpan<byte> record)
    {
        lock (_gate)
        {
            int index = Find(position);
            if (index >= 0 && position < _chunks[index].End)
            {
                record.CopyTo(_chunks[index].Bytes.AsSpan((int)(position - _chunks[index].Begin)));
            }
        }
    }

    /// <summary>Lets go of what lies before a position: it is safe on disk.</summary>
    public void Release(long synced)
    {
        lock (_gate)
        {
            Volatile.Write(ref _synced, synced);
            int count = 0;
            while (count + 1 < _chunks.Count && _chunks[count].End <= synced)
            {
                if (_free.Count < MaxFreeChunks)
                {
                    _free.Push(_chunks[count].Bytes);
                }

                count++;
            }

            _chunks.RemoveRange(0, count);
        }
    }

    /// <summary>No append comes after this.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    private Span<byte> Reserve(long position, int total)
    {
        Chunk? chunk = _chunks.Count == 0 ? null : _chunks[^1];
        if (chunk is null || chunk.Bytes.Length - chunk.Used < total)
        {
            byte[] bytes = _free.Count > 0 ? _free.Pop() : GC.AllocateUninitializedArray<byte>(_chunkBytes, pinned: true);
            chunk = new Chunk(position, bytes);
            _chunks.Add(chunk);
        }

        Span<byte> destination = chunk.Bytes.AsSpan(chunk.Used, total);
        chunk.Used += total;
        return destination;
    }

    private int Find(long position)
    {
        int index = _chunks.Count - 1;
        while (index >= 0 && _chunks[index].Begin > position)
        {
            index--;
        }

        return index;
    }

    private sealed class Chunk(long begin, byte[] bytes)
    {
        public long Begin { get; } = begin;

        public byte[] Bytes { get; } = bytes;

        public int Used { get; set; }

        public long End => Begin + Used;
    }
}

namespace Strowger.Engine.Journaling;

internal enum CursorStep
{
    /// <summary>A good record.</summary>
    Record,

    /// <summary>The bytes from <see cref="RecordCursor.DamageBegin"/> to <see cref="RecordCursor.Position"/> do not check.</summary>
    Damage,

    /// <summary>The limit is reached.</summary>
    End,
}

/// <summary>Goes over records in order, in large reads, and past damage to the next good record. One thread at a time.</summary>
internal sealed class RecordCursor(SegmentTable table, long position, int blockBytes = RecordCursor.BlockBytes)
{
    // Large enough that the system call is lost beside the copy, small enough for the second-level cache.
    public const int BlockBytes = 256 * 1024;

    private byte[] _buffer = new byte[blockBytes];
    private long _bufferBegin;
    private int _bufferCount;

    public long Position { get; private set; } = position;

    public long DamageBegin { get; private set; }

    /// <summary>The next record below <paramref name="limit"/>, which is a record's end or the end of the last segment.</summary>
    public CursorStep Next(long limit, out RecordView view)
    {
        view = default;
        if (Position < table.Begin)
        {
            Position = table.Begin;
        }

        if (Position >= limit)
        {
            return CursorStep.End;
        }

        int total = 0;
        if (Ensure(RecordFormat.HeaderBytes, limit) && RecordFormat.TryReadHeader(Buffered, Position, out total) && Ensure(total, limit)
            && RecordFormat.IsIntact(Buffered[..total], Position))
        {
            view = RecordFormat.View(Buffered[..total], Position);
            Position += total;
            return CursorStep.Record;
        }

        SkipDamage(total, limit);
        return CursorStep.Damage;
    }

    private ReadOnlySpan<byte> Buffered => _buffer.AsSpan((int)(Position - _bufferBegin), (int)(_bufferBegin + _bufferCount - Position));

    private bool Ensure(int bytes, long limit)
    {
        long offset = Position - _bufferBegin;
        if (offset >= 0 && offset + bytes <= _bufferCount)
        {
            return true;
        }

        if (bytes > _buffer.Length)
        {
            if (bytes > table.EndOf(Position, limit) - Position)
            {
                return false;
            }

            _buffer = new byte[bytes];
        }

        _bufferBegin = Position;
        _bufferCount = Math.Max(0, table.Read(Position, _buffer, limit));
        return bytes <= _bufferCount;
    }

    private void SkipDamage(int total, long limit)
    {
        DamageBegin = Position;
        long end = table.EndOf(Position, limit);

        // A good header with a bad payload still tells where the next record begins.
        long from = total > 0 && Position + total <= end ? Position + total : Position + RecordFormat.Alignment;
        Position = RecordSearch.Next(table, from, end);
        _bufferCount = 0;
        _bufferBegin = Position;
    }
}

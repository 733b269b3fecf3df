namespace Strowger.Engine.Journaling;

/// <summary>One record, valid until the next call to the reader or buffer that produced it.</summary>
public readonly ref struct RecordView
{
    internal RecordView(long position, long end, byte type, long timeMs, ReadOnlySpan<byte> payload)
    {
        Position = position;
        End = end;
        Type = type;
        TimeMs = timeMs;
        Payload = payload;
    }

    /// <summary>Where the record begins: its address for ever.</summary>
    public long Position { get; }

    /// <summary>Where the next record begins.</summary>
    public long End { get; }

    /// <summary>What the payload is; the journal gives it no meaning.</summary>
    public byte Type { get; }

    /// <summary>Unix milliseconds, as given to <see cref="Journal.Append"/>.</summary>
    public long TimeMs { get; }

    /// <summary>The bytes given to <see cref="Journal.Append"/>.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}

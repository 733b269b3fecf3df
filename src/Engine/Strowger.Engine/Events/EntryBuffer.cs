namespace Strowger.Engine.Events;

/// <summary>
/// Gathers entries into one journal record. All entries of a record share its position, which each job concerned
/// remembers as its newest; so a job may stand only once in a record. Guarded by the engine's lock.
/// </summary>
internal sealed class EntryBuffer
{
    private byte[] _bytes = new byte[64 * 1024];

    public int Count { get; private set; }

    public int Length { get; private set; }

    public bool IsFull => Count >= EngineLimits.MaxEntriesPerRecord || Length > 512 * 1024;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Add(in Entry entry)
    {
        var need = Length + Entry.FixedBytes + entry.Data.Length;
        if (need > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(need, _bytes.Length * 2));
        }

        Length += entry.Write(_bytes.AsSpan(Length));
        Count++;
    }

    public void Clear()
    {
        Count = 0;
        Length = 0;
    }
}

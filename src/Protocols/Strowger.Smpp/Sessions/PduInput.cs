namespace Strowger.Smpp;

/// <summary>The octets received and not yet consumed. Grows from 16 KiB to the larger of 64 KiB and the largest PDU, never beyond.</summary>
internal sealed class PduInput(int maxPduBytes)
{
    private const int FirstBytes = 16 * 1024;
    private const int BatchBytes = 64 * 1024;

    private readonly int _maxBytes = Math.Max(maxPduBytes, BatchBytes);
    private byte[] _buffer = new byte[FirstBytes];
    private int _count;

    public ReadOnlySpan<byte> Data => _buffer.AsSpan(0, _count);

    /// <summary>Where the next octets go; never empty as long as whole PDUs are consumed.</summary>
    public Memory<byte> Free => _buffer.AsMemory(_count);

    public void Clear() => _count = 0;

    public void Received(int octets)
    {
        _count += octets;
        if (_count == _buffer.Length && _count < _maxBytes)
        {
            Array.Resize(ref _buffer, Math.Min(_maxBytes, _count * 2));
        }
    }

    /// <summary>Drops the first octets. What is left, less than one PDU, moves to the front.</summary>
    public void Consume(int octets)
    {
        if (octets > 0)
        {
            _count -= octets;
            Array.Copy(_buffer, octets, _buffer, 0, _count);
        }
    }
}

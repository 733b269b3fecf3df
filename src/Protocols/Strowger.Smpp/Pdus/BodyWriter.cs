using System.Buffers.Binary;

namespace Strowger.Smpp;

/// <summary>Fills a PDU whose exact length was computed before, so it needs no overflow path.</summary>
internal ref struct BodyWriter
{
    private readonly Span<byte> _destination;
    private int _at;

    public BodyWriter(Span<byte> destination, int length, uint commandId, uint status, uint sequence)
    {
        new PduHeader((uint)length, commandId, status, sequence).Write(destination);
        _destination = destination;
        _at = SmppLimits.HeaderBytes;
    }

    public readonly int Written => _at;

    public void Byte(byte value) => _destination[_at++] = value;

    public void CString(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_destination[_at..]);
        _at += value.Length;
        _destination[_at++] = 0;
    }

    public void Address(byte ton, byte npi, ReadOnlySpan<byte> address)
    {
        Byte(ton);
        Byte(npi);
        CString(address);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_destination[_at..]);
        _at += value.Length;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_destination[_at..], value);
        _at += 4;
    }
}

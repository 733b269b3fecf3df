using System.Buffers.Binary;

namespace Strowger.Smpp;

/// <summary>Builds the optional parameters of a PDU in a buffer of the caller. A parameter that does not fit is left out and reported.</summary>
public ref struct TlvWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Octets written.</summary>
    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _destination[..Length];

    public bool TryAdd(ushort tag, scoped ReadOnlySpan<byte> value)
    {
        if (value.Length > ushort.MaxValue || _destination.Length - Length < Tlv.HeaderBytes + value.Length)
        {
            return false;
        }

        var target = _destination[Length..];
        BinaryPrimitives.WriteUInt16BigEndian(target, tag);
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], (ushort)value.Length);
        value.CopyTo(target[Tlv.HeaderBytes..]);
        Length += Tlv.HeaderBytes + value.Length;
        return true;
    }

    public bool TryAddByte(ushort tag, byte value) => TryAdd(tag, [value]);

    public bool TryAddUInt16(ushort tag, ushort value) => TryAdd(tag, [(byte)(value >> 8), (byte)value]);

    /// <summary>A C-octet string; the NUL is added.</summary>
    public bool TryAddCString(ushort tag, scoped ReadOnlySpan<byte> value)
    {
        if (_destination.Length - Length < Tlv.HeaderBytes + value.Length + 1 || value.Length >= ushort.MaxValue)
        {
            return false;
        }

        TryAdd(tag, value);
        int lengthAt = Length - value.Length - 2;
        BinaryPrimitives.WriteUInt16BigEndian(_destination[lengthAt..], (ushort)(value.Length + 1));
        _destination[Length++] = 0;
        return true;
    }
}

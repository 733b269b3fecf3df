using System.Buffers.Binary;

namespace Strowger.Smpp;

/// <summary>
/// The optional parameters at the end of a PDU. Iterating yields every one, known or not, and stops at a malformed tail.
/// Getters return false when a parameter is absent or has another length than the standard gives it.
/// </summary>
public readonly ref struct Tlvs(ReadOnlySpan<byte> bytes)
{
    /// <summary>As they stand in the PDU, ready to be sent on.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public bool IsEmpty => Bytes.IsEmpty;

    /// <summary>Whether the octets are parameters to the last one.</summary>
    public bool IsWellFormed
    {
        get
        {
            var enumerator = GetEnumerator();
            while (enumerator.MoveNext())
            {
            }

            return enumerator.AtEnd;
        }
    }

    public static implicit operator Tlvs(ReadOnlySpan<byte> bytes) => new(bytes);

    public static Tlvs FromBytes(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>The first one with this tag.</summary>
    public bool TryGet(ushort tag, out ReadOnlySpan<byte> value)
    {
        foreach (var tlv in this)
        {
            if (tlv.Tag == tag)
            {
                value = tlv.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    public bool TryGetByte(ushort tag, out byte value)
    {
        bool found = TryGet(tag, out var bytes) && bytes.Length == 1;
        value = found ? bytes[0] : (byte)0;
        return found;
    }

    public bool TryGetUInt16(ushort tag, out ushort value)
    {
        bool found = TryGet(tag, out var bytes) && bytes.Length == 2;
        value = found ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;
        return found;
    }

    /// <summary>A C-octet string without its NUL, which some peers leave out.</summary>
    public bool TryGetCString(ushort tag, out ReadOnlySpan<byte> value)
    {
        if (!TryGet(tag, out value))
        {
            return false;
        }

        int end = value.IndexOf((byte)0);
        value = end < 0 ? value : value[..end];
        return true;
    }

    public bool TryGetReceiptedMessageId(out ReadOnlySpan<byte> messageId) => TryGetCString(TlvTag.ReceiptedMessageId, out messageId);

    public bool TryGetMessageState(out byte state) => TryGetByte(TlvTag.MessageState, out state);

    /// <summary>network_error_code: the network's type (1 ANSI-136, 2 IS-95, 3 GSM) and its code.</summary>
    public bool TryGetNetworkErrorCode(out byte networkType, out ushort code)
    {
        bool found = TryGet(TlvTag.NetworkErrorCode, out var bytes) && bytes.Length == 3;
        networkType = found ? bytes[0] : (byte)0;
        code = found ? BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]) : (ushort)0;
        return found;
    }

    /// <summary>The three sar_ parameters of a concatenated message; a part number outside 1..total is no concatenation.</summary>
    public bool TryGetSar(out ushort reference, out byte total, out byte number)
    {
        number = 0;
        total = 0;
        return TryGetUInt16(TlvTag.SarMessageReference, out reference)
            && TryGetByte(TlvTag.SarTotalSegments, out total)
            && TryGetByte(TlvTag.SarSegmentNumber, out number)
            && number >= 1 && number <= total;
    }

    /// <summary>congestion_state of 5.0, 0 idle to 100 congested.</summary>
    public bool TryGetCongestionState(out byte percent) => TryGetByte(TlvTag.CongestionState, out percent);

    public Enumerator GetEnumerator() => new(Bytes);

    public ref struct Enumerator(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public Tlv Current { get; private set; }

        internal readonly bool AtEnd => _rest.IsEmpty;

        public bool MoveNext()
        {
            if (_rest.Length < Tlv.HeaderBytes)
            {
                return false;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
            if (_rest.Length - Tlv.HeaderBytes < length)
            {
                return false;
            }

            Current = new Tlv(BinaryPrimitives.ReadUInt16BigEndian(_rest), _rest.Slice(Tlv.HeaderBytes, length));
            _rest = _rest[(Tlv.HeaderBytes + length)..];
            return true;
        }
    }
}

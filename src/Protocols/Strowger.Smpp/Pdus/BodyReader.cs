using System.Buffers.Binary;

namespace Strowger.Smpp;

/// <summary>Walks over a PDU's body. After the first fault every read returns nothing, so callers check once at the end.</summary>
internal ref struct BodyReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;
    private PduFault _fault;

    public readonly bool Finish(out PduFault fault)
    {
        fault = _fault;
        return _fault.Status == CommandStatus.Ok;
    }

    public readonly int Left => _rest.Length;

    /// <summary>A C-octet string without its NUL; <paramref name="maxOctets"/> counts the NUL.</summary>
    public ReadOnlySpan<byte> CString(int maxOctets, uint status, string field)
    {
        int end = _rest.IndexOf((byte)0);
        if ((uint)end >= (uint)maxOctets)
        {
            return Fail(end < 0 && _rest.Length < maxOctets ? CommandStatus.InvalidCommandLength : status, field, end < 0 ? "has no end" : "is too long");
        }

        var value = _rest[..end];
        _rest = _rest[(end + 1)..];
        return value;
    }

    /// <summary>A closing C-octet string whose NUL some peers leave out (message_id of a response).</summary>
    public ReadOnlySpan<byte> LenientCString(int maxOctets, uint status, string field)
    {
        int end = _rest.IndexOf((byte)0);
        int length = end < 0 ? _rest.Length : end;
        if (length >= maxOctets)
        {
            return Fail(status, field, "is too long");
        }

        var value = _rest[..length];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return value;
    }

    public byte Byte(string field)
    {
        if (_rest.IsEmpty)
        {
            Fail(CommandStatus.InvalidCommandLength, field, "is missing");
            return 0;
        }

        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    /// <summary>sm_length and the octets it counts.</summary>
    public ReadOnlySpan<byte> ShortMessage()
    {
        int length = Byte("sm_length");
        if (length > _rest.Length)
        {
            return Fail(CommandStatus.InvalidMessageLength, "sm_length", "is beyond the end of the PDU");
        }

        var value = _rest[..length];
        _rest = _rest[length..];
        return value;
    }

    public uint UInt32(string field)
    {
        if (_rest.Length < 4)
        {
            Fail(CommandStatus.InvalidCommandLength, field, "is missing");
            return 0;
        }

        uint value = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        _rest = _rest[4..];
        return value;
    }


    /// <summary>The rest as optional parameters; a malformed tail is a fault.</summary>
    public Tlvs Tlvs()
    {
        var tlvs = new Tlvs(_rest);
        if (!_rest.IsEmpty && !tlvs.IsWellFormed)
        {
            Fail(CommandStatus.InvalidTlvStream, "optional parameters", "are cut short");
        }

        return tlvs;
    }

    /// <summary>The rest as optional parameters; a malformed tail is left unread, for what carriers send us must not be refused for it.</summary>
    public readonly Tlvs LenientTlvs() => new(_rest);

    public ReadOnlySpan<byte> Fail(uint status, string field, string problem)
    {
        if (_fault.Status == CommandStatus.Ok)
        {
            _fault = new PduFault(status, field, problem);
        }

        _rest = default;
        return default;
    }
}

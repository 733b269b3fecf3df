using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Strowger.Smpp;

/// <summary>Walks over a PDU's body. After the first fault every read returns nothing, so callers check once at the end.</summary>
internal ref struct BodyReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private int _at;
    private PduFault _fault;

    public readonly bool Finish(out PduFault fault)
    {
        fault = _fault;
        return _fault.Status == CommandStatus.Ok;
    }

    public readonly int Left => _body.Length - _at;

    /// <summary>A C-octet string without its NUL; <paramref name="maxOctets"/> counts the NUL.</summary>
    public ReadOnlySpan<byte> CString(int maxOctets, uint status, string field)
    {
        int at = _at;
        var rest = _body[at..];

        // Most fields of a submit_sm are empty: their NUL is found without a search.
        int end = rest.Length > 0 && rest[0] == 0 ? 0 : rest.IndexOf((byte)0);
        if ((uint)end >= (uint)maxOctets)
        {
            return Fail(end < 0 && rest.Length < maxOctets ? CommandStatus.InvalidCommandLength : status, field, end < 0 ? "has no end" : "is too long");
        }

        _at = at + end + 1;
        return rest[..end];
    }

    /// <summary>A closing C-octet string whose NUL some peers leave out (message_id of a response).</summary>
    public ReadOnlySpan<byte> LenientCString(int maxOctets, uint status, string field)
    {
        var rest = _body[_at..];
        int end = rest.IndexOf((byte)0);
        int length = end < 0 ? rest.Length : end;
        if (length >= maxOctets)
        {
            return Fail(status, field, "is too long");
        }

        _at += end < 0 ? length : length + 1;
        return rest[..length];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Byte(string field)
    {
        int at = _at;
        var all = _body;
        if ((uint)at >= (uint)all.Length)
        {
            Fail(CommandStatus.InvalidCommandLength, field, "is missing");
            return 0;
        }

        _at = at + 1;
        return all[at];
    }

    /// <summary>sm_length and the octets it counts.</summary>
    public ReadOnlySpan<byte> ShortMessage()
    {
        int length = Byte("sm_length");
        if (length > Left)
        {
            return Fail(CommandStatus.InvalidMessageLength, "sm_length", "is beyond the end of the PDU");
        }

        var value = _body.Slice(_at, length);
        _at += length;
        return value;
    }

    public uint UInt32(string field)
    {
        if (Left < 4)
        {
            Fail(CommandStatus.InvalidCommandLength, field, "is missing");
            return 0;
        }

        uint value = BinaryPrimitives.ReadUInt32BigEndian(_body[_at..]);
        _at += 4;
        return value;
    }

    /// <summary>The rest as optional parameters; a malformed tail is a fault.</summary>
    public Tlvs Tlvs()
    {
        var tlvs = LenientTlvs();
        if (!tlvs.IsEmpty && !tlvs.IsWellFormed)
        {
            Fail(CommandStatus.InvalidTlvStream, "optional parameters", "are cut short");
        }

        return tlvs;
    }

    /// <summary>The rest as optional parameters; a malformed tail is left unread, for what carriers send us must not be refused for it.</summary>
    public readonly Tlvs LenientTlvs() => new(_body[_at..]);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public ReadOnlySpan<byte> Fail(uint status, string field, string problem)
    {
        if (_fault.Status == CommandStatus.Ok)
        {
            _fault = new PduFault(status, field, problem);
        }

        _at = _body.Length;
        return default;
    }
}

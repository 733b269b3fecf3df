using System.Buffers.Binary;

namespace Strowger.Smpp;

/// <summary>One PDU cut out of the received octets: its header and its body, not yet decoded.</summary>
public readonly ref struct Pdu
{
    private Pdu(PduHeader header, ReadOnlySpan<byte> bytes)
    {
        Header = header;
        Bytes = bytes;
    }

    public PduHeader Header { get; }

    /// <summary>The whole PDU, header included.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public ReadOnlySpan<byte> Body => Bytes[SmppLimits.HeaderBytes..];

    /// <summary>
    /// Cuts the first PDU off <paramref name="buffer"/>. A length below 16 or above <paramref name="maxPduBytes"/> is
    /// invalid as soon as its four octets are there: the stream cannot be followed further and is to be closed.
    /// </summary>
    public static PduResult Read(ReadOnlySpan<byte> buffer, int maxPduBytes, out Pdu pdu, out PduFault fault)
    {
        pdu = default;
        fault = default;
        if (buffer.Length < 4)
        {
            return PduResult.NeedMore;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(buffer);
        if (length < SmppLimits.HeaderBytes)
        {
            fault = new(CommandStatus.InvalidCommandLength, "command_length", "is below 16");
            return PduResult.Invalid;
        }

        if (length > (uint)maxPduBytes)
        {
            fault = new(CommandStatus.InvalidCommandLength, "command_length", "is above the largest PDU taken");
            return PduResult.Invalid;
        }

        if ((uint)buffer.Length < length)
        {
            return PduResult.NeedMore;
        }

        pdu = new Pdu(PduHeader.Read(buffer), buffer[..(int)length]);
        return PduResult.Done;
    }
}

using System.Globalization;
using System.Text;
using Strowger.Features.Messaging.Inbound;
using Strowger.Smpp;
using Strowger.Smpp.Receipts;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>Writes what clients get, as whole PDUs with sequence 0. The octets are valid until the next call.</summary>
internal sealed class DeliverPdu
{
    private const byte ReceiptClass = 0x04;
    private const byte Udhi = 0x40;
    private const byte Ucs2 = 8;

    private byte[] _pdu = new byte[1024];
    private byte[] _data = new byte[1024];
    private byte[] _tlvs = new byte[1024];

    /// <summary>A delivery receipt: the text of SMPP 3.4, appendix B, and the TLVs that say the same.</summary>
    /// <param name="message">The text it is about.</param>
    /// <param name="mark">How it came.</param>
    /// <param name="fields">What became of it.</param>
    public ReadOnlySpan<byte> Receipt(in MessageBodyReader message, in SmppMark mark, in ReceiptFields fields)
    {
        Span<byte> source = stackalloc byte[Msisdn.MaxDigits];
        Span<byte> destination = stackalloc byte[Sender.MaxLength];
        var tlvs = new TlvWriter(_tlvs);
        tlvs.TryAddCString(TlvTag.ReceiptedMessageId, fields.MessageId);
        tlvs.TryAddByte(TlvTag.MessageState, (byte)fields.State);
        if (new Tlvs(message.Tlvs).TryGetUInt16(TlvTag.UserMessageReference, out var reference))
        {
            tlvs.TryAddUInt16(TlvTag.UserMessageReference, reference);
        }

        return Encode(new DeliverSm
        {
            SourceTon = mark.DestinationTon,
            SourceNpi = mark.DestinationNpi,
            Source = source[..message.To.WriteDigits(source)],
            DestinationTon = mark.SourceTon,
            DestinationNpi = mark.SourceNpi,
            Destination = destination[..message.From.CopyTo(destination)],
            EsmClass = ReceiptClass,
            ShortMessage = _data.AsSpan(0, ReceiptWriter.Write(fields, ReceiptQuirks.None, _data)),
            Tlvs = tlvs.Written,
        });
    }

    /// <summary>An incoming text, or a part of one with the header that says so.</summary>
    public ReadOnlySpan<byte> Text(InboundText text)
    {
        // No text has more octets than three a character; the header takes seven.
        var room = Math.Max((text.Text?.Length ?? 0) * 3, (text.DataHex?.Length ?? 0) / 2) + TextLimits.Header16;
        _data = _data.Length < room ? new byte[room] : _data;
        _tlvs = _tlvs.Length < room + 32 ? new byte[room + 32] : _tlvs;
        _pdu = _pdu.Length < room + 512 ? new byte[room + 512] : _pdu;
        var header = text is { Parts: > 1 and <= TextLimits.MaxParts, Part: > 0 and <= TextLimits.MaxParts } ? TextLimits.Header16 : 0;
        var length = WriteText(text, _data.AsSpan(header), out var dataCoding);
        var tlvs = new TlvWriter(_tlvs);
        ReadOnlySpan<byte> userData = _data.AsSpan(header, length);
        if (header + length > DoorLimits.MaxShortMessage)
        {
            tlvs.TryAdd(TlvTag.MessagePayload, userData);
            userData = default;
        }

        var inText = header > 0 && !userData.IsEmpty;
        if (inText)
        {
            // 3GPP 23.040, 9.2.3.24.8.
            ReadOnlySpan<byte> udh = [6, (byte)UdhElement.Concatenation16, 4, (byte)(text.Reference >> 8), (byte)text.Reference, (byte)text.Parts, (byte)text.Part];
            udh.CopyTo(_data);
            userData = _data.AsSpan(0, header + length);
        }
        else if (header > 0)
        {
            tlvs.TryAddUInt16(TlvTag.SarMessageReference, (ushort)text.Reference);
            tlvs.TryAddByte(TlvTag.SarTotalSegments, (byte)text.Parts);
            tlvs.TryAddByte(TlvTag.SarSegmentNumber, (byte)text.Part);
        }

        var from = Address(text.From);
        var to = Address(text.To);
        return Encode(new DeliverSm
        {
            SourceTon = TonOf(from),
            SourceNpi = NpiOf(from),
            Source = from,
            DestinationTon = TonOf(to),
            DestinationNpi = NpiOf(to),
            Destination = to,
            EsmClass = inText ? Udhi : (byte)0,
            DataCoding = dataCoding,
            ShortMessage = userData,
            Tlvs = tlvs.Written,
        });
    }

    private static int WriteText(InboundText text, Span<byte> to, out byte dataCoding)
    {
        if (text.Text is null)
        {
            dataCoding = (byte)text.DataCoding;
            return Hex.Decode(Encoding.ASCII.GetBytes(text.DataHex ?? string.Empty), to) ?? 0;
        }

        var isGsm = Gsm7.Count(text.Text, out _) >= 0;
        dataCoding = isGsm ? (byte)0 : Ucs2;
        return isGsm ? Gsm7.Encode(text.Text, to) : Encoding.BigEndianUnicode.GetBytes(text.Text, to);
    }

    /// <summary>As the carrier wrote it, within what the field holds.</summary>
    private static byte[] Address(string address)
    {
        var plain = address.Length > 1 && address[0] == '+' ? address[1..] : address;
        return Encoding.Latin1.GetBytes(plain[..Math.Min(plain.Length, SmppLimits.AddressBytes - 1)].Replace("\0", string.Empty, StringComparison.Ordinal));
    }

    private static byte TonOf(ReadOnlySpan<byte> address) =>
        address.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? (byte)5 : address.Length <= 8 ? (byte)0 : (byte)1;

    private static byte NpiOf(ReadOnlySpan<byte> address) => (byte)(TonOf(address) == 1 ? 1 : 0);

    private ReadOnlySpan<byte> Encode(scoped DeliverSm pdu)
    {
        var length = pdu.EncodedLength;
        if (_pdu.Length < length)
        {
            _pdu = new byte[length];
        }

        return _pdu.AsSpan(0, pdu.Encode(_pdu, 0));
    }

    /// <summary>The three digits that a receipt gives for a refusal: command_status as a number.</summary>
    public static int WriteError(int code, Span<byte> to)
    {
        var digits = code is > 0 and < 1000 ? code : 0;
        digits.TryFormat(to, out var written, "D3", CultureInfo.InvariantCulture);
        return written;
    }
}

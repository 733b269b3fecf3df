using System.Text;
using Strowger.Smpp;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>
/// Makes a request of a submit_sm. A text whose octets are the same when it is written again becomes a text, so that people can read it; all
/// else stays octets and goes on unchanged: parts with their header, binary, alphabets that are not ours to write. One thread at a time.
/// </summary>
internal sealed class SubmitReader
{
    private const byte Udhi = 0x40;

    /// <summary>esm_class without its mode (SMPP 3.4, 5.2.12): how we carry it is ours to decide.</summary>
    private const byte EsmClassKept = 0xFC;

    private char[] _chars = new char[256];
    private byte[] _again = new byte[512];

    /// <returns>The command_status to refuse with, or 0 when the request counts.</returns>
    public uint Read(in SubmitSm pdu, DoorClient client, DateTimeOffset now, MessageRequest request)
    {
        var data = pdu.UserData;

        // UTF-8 takes at most three octets for one of the standard's alphabets; addresses and names are not copied.
        request.Clear((data.Length * 3) + pdu.Tlvs.Bytes.Length + client.Channel.Length);
        if (pdu.ReplaceIfPresent != 0)
        {
            return CommandStatus.InvalidSubmitWithReplace;
        }

        if (pdu.DefaultMessageId != 0)
        {
            return CommandStatus.InvalidDefaultMessageId;
        }

        if (!pdu.ShortMessage.IsEmpty && pdu.Tlvs.TryGet(TlvTag.MessagePayload, out var payload) && !payload.IsEmpty)
        {
            return CommandStatus.InvalidMessageLength;
        }

        var status = ReadAddresses(pdu, request);
        status = status != CommandStatus.Ok ? status : ReadTimes(pdu, now, request);
        status = status != CommandStatus.Ok ? status : ReadPriority(pdu.PriorityFlag, client.Settings.Priority, request);
        request.ChannelSlice = request.Put(client.Channel);
        var isPart = (pdu.EsmClass & Udhi) != 0 || pdu.Tlvs.TryGet(TlvTag.SarMessageReference, out _);
        status = status != CommandStatus.Ok ? status : ReadTlvs(pdu.Tlvs, isPart, request);
        return status != CommandStatus.Ok ? status : ReadData(pdu, data, isPart, request);
    }

    private static uint ReadAddresses(in SubmitSm pdu, MessageRequest request)
    {
        if (!Msisdn.TryParse(WithoutPrefix(pdu.Destination), out var to, out _))
        {
            return CommandStatus.InvalidDestinationAddress;
        }

        request.To = to;
        if (pdu.Source.IsEmpty)
        {
            return CommandStatus.Ok;
        }

        // One octet of ISO-8859-1 is at most two of UTF-8.
        Span<byte> utf8 = stackalloc byte[SmppLimits.AddressBytes * 2];
        var source = WithoutPrefix(pdu.Source);
        var length = 0;
        foreach (var octet in source)
        {
            if (octet < 0x80)
            {
                utf8[length++] = octet;
            }
            else
            {
                utf8[length++] = (byte)(0xC0 | (octet >> 6));
                utf8[length++] = (byte)(0x80 | (octet & 0x3F));
            }
        }

        if (!Sender.TryParse(utf8[..length], out var from, out _))
        {
            return CommandStatus.InvalidSourceAddress;
        }

        request.From = from;
        return CommandStatus.Ok;
    }

    /// <summary>Without the 00 that some write before an international number.</summary>
    private static ReadOnlySpan<byte> WithoutPrefix(ReadOnlySpan<byte> address) =>
        address.StartsWith("00"u8) && !address.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? address[2..] : address;

    private static uint ReadTimes(in SubmitSm pdu, DateTimeOffset now, MessageRequest request)
    {
        var due = now;
        if (!pdu.ScheduleDeliveryTime.IsEmpty)
        {
            if (!SmppTime.TryParse(pdu.ScheduleDeliveryTime, now, out due))
            {
                return CommandStatus.InvalidScheduledTime;
            }

            request.SendAtMs = due > now ? due.ToUnixTimeMilliseconds() : null;
        }

        if (pdu.ValidityPeriod.IsEmpty)
        {
            return CommandStatus.Ok;
        }

        if (!SmppTime.TryParse(pdu.ValidityPeriod, now, out var until) || until <= now || until <= due)
        {
            return CommandStatus.InvalidExpiryTime;
        }

        request.ExpiresInSeconds = (int)Math.Min(Math.Ceiling((until - now).TotalSeconds), MessageLimits.MaxExpiresInSeconds);
        return CommandStatus.Ok;
    }

    /// <summary>priority_flag (SMPP 3.4, 5.2.14): 0 is what nobody thought about, 3 the highest.</summary>
    private static uint ReadPriority(byte flag, MessagePriority usual, MessageRequest request)
    {
        request.Priority = flag switch { 0 => usual, 1 => MessagePriority.Normal, _ => MessagePriority.Urgent };
        return flag <= 3 ? CommandStatus.Ok : CommandStatus.InvalidPriorityFlag;
    }

    /// <summary>Those that the carrier gets as they are; what we say ourselves is left out.</summary>
    private static uint ReadTlvs(Strowger.Smpp.Tlvs tlvs, bool isPart, MessageRequest request)
    {
        var start = request.Used;
        var count = 0;
        var writer = new TlvWriter(request.Octets.AsSpan(start));
        foreach (var tlv in tlvs)
        {
            if (tlv.Tag is TlvTag.MessagePayload or TlvTag.ReceiptedMessageId or TlvTag.MessageState || (!isPart && IsSar(tlv.Tag)))
            {
                continue;
            }

            if (++count > MessageLimits.MaxTlvs || !writer.TryAdd(tlv.Tag, tlv.Value))
            {
                return CommandStatus.InvalidTlvStream;
            }
        }

        request.Used += writer.Length;
        request.TlvSlice = (start, writer.Length);
        return writer.Length <= MessageLimits.MaxTlvOctets ? CommandStatus.Ok : CommandStatus.InvalidTlvStream;
    }

    private static bool IsSar(ushort tag) => tag is TlvTag.SarMessageReference or TlvTag.SarTotalSegments or TlvTag.SarSegmentNumber;

    private uint ReadData(in SubmitSm pdu, ReadOnlySpan<byte> data, bool isPart, MessageRequest request)
    {
        var encoding = DataCoding.Parse(pdu.DataCoding).Encoding;
        if (encoding == TextEncoding.Ia5 && IsSameInBoth(data))
        {
            encoding = TextEncoding.Gsm7;
        }

        var coding = new GivenCoding(encoding, pdu.DataCoding, (byte)(pdu.EsmClass & EsmClassKept), pdu.ProtocolId, IsWhole: false);
        if (!isPart && !data.IsEmpty && TryText(data, encoding, out var text))
        {
            request.SetText(text);
            request.Coding = coding;
            return text.Length <= MessageLimits.MaxTextChars ? CommandStatus.Ok : CommandStatus.InvalidMessageLength;
        }

        // Octets without a header may be cut where we like; nothing else may.
        var single = encoding is TextEncoding.Ucs2 or TextEncoding.Binary ? TextLimits.Octets : TextLimits.Septets;
        var isWhole = isPart ? data.Length <= DoorLimits.MaxShortMessage : data.Length <= single;
        if (!isWhole && (isPart || encoding != TextEncoding.Binary || data.Length > MessageLimits.MaxData))
        {
            return CommandStatus.InvalidMessageLength;
        }

        request.IsData = true;
        request.DataSlice = request.Put(data);
        request.Coding = coding with { IsWhole = isWhole };
        return CommandStatus.Ok;
    }

    /// <summary>Whether these octets are the same characters in ASCII and in the GSM alphabet: many clients say the one and mean the other.</summary>
    private static bool IsSameInBoth(ReadOnlySpan<byte> data)
    {
        foreach (var octet in data)
        {
            if (octet is not ((byte)'\n' or (byte)'\r' or (>= (byte)' ' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z')) || octet is (byte)'$' or (byte)'@')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The octets as a text that becomes the same octets again; false when there is none.</summary>
    private bool TryText(ReadOnlySpan<byte> data, TextEncoding encoding, out ReadOnlySpan<char> text)
    {
        text = default;
        if (encoding is not (TextEncoding.Gsm7 or TextEncoding.Latin1 or TextEncoding.Ucs2))
        {
            return false;
        }

        var room = MessageDecoder.MaxChars(data.Length);
        if (_chars.Length < room)
        {
            _chars = new char[room];
        }

        var count = MessageDecoder.DecodeText(data, encoding, _chars, out var replaced);
        text = _chars.AsSpan(0, count);
        return !replaced && Again(text, encoding).SequenceEqual(data);
    }

    private ReadOnlySpan<byte> Again(ReadOnlySpan<char> text, TextEncoding encoding)
    {
        // Two octets a character: of UCS-2, and of GSM with the escape.
        if (_again.Length < text.Length * 2)
        {
            _again = new byte[text.Length * 2];
        }

        return encoding switch
        {
            TextEncoding.Gsm7 => Gsm7.Count(text, out _) < 0 ? default : _again.AsSpan(0, Gsm7.Encode(text, _again)),
            TextEncoding.Ucs2 => _again.AsSpan(0, Encoding.BigEndianUnicode.GetBytes(text, _again)),
            _ => _again.AsSpan(0, Encoding.Latin1.GetBytes(text, _again)),
        };
    }
}

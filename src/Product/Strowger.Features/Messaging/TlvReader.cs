using System.Buffers.Binary;
using System.Text.Json;

namespace Strowger.Features.Messaging;

/// <summary>
/// Reads the field tlvs, an object of tags in hex to values in hex ({"0x1400": "0a0b"}), into the form they have on the wire (SMPP 3.4, 3.2.4.1): tag, length, value.
/// </summary>
internal static class TlvReader
{
    private const string Allowed = "allowed is an object such as {\"0x1400\": \"0a0b\"}: at most 16 tags of 1 to 4 hex digits, values in hex, 1024 octets in all";

    public static RequestError? Read(ref Utf8JsonReader reader, MessageRequest request)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return FieldReader.WrongType(MessageField.Tlvs, "an object such as {\"0x1400\": \"0a0b\"}", reader.TokenType);
        }

        var start = request.Used;
        Span<ushort> tags = stackalloc ushort[MessageLimits.MaxTlvs];
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped || !TryTag(reader.ValueSpan, out var tag))
            {
                return Wrong("a tag is not one");
            }

            if (tags[..count].Contains(tag))
            {
                return Wrong($"the tag 0x{tag:X4} is there twice");
            }

            if (IsOurs(tag))
            {
                return Wrong($"the tag 0x{tag:X4} is set by the gateway itself");
            }

            if (count == tags.Length)
            {
                return Wrong("there are too many tags");
            }

            tags[count++] = tag;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
            {
                return Wrong($"the value of 0x{tag:X4} is not a string of hex digits");
            }

            // Tag and length take four octets; in JSON the tag, its quotes and the colon took at least that.
            var hex = reader.ValueSpan;
            if (request.Used - start + 4 + (hex.Length / 2) > MessageLimits.MaxTlvOctets)
            {
                return Wrong("they take too much room");
            }

            var tlv = request.Octets.AsSpan(request.Used);
            if (Hex.Decode(hex, tlv[4..]) is not { } length)
            {
                return Wrong($"the value of 0x{tag:X4} is not octets in hex");
            }

            BinaryPrimitives.WriteUInt16BigEndian(tlv, tag);
            BinaryPrimitives.WriteUInt16BigEndian(tlv[2..], (ushort)length);
            request.Used += 4 + length;
        }

        request.TlvSlice = (start, request.Used - start);
        return null;
    }

    private static bool TryTag(ReadOnlySpan<byte> text, out ushort tag)
    {
        tag = 0;
        if (text is [(byte)'0', (byte)'x' or (byte)'X', ..])
        {
            text = text[2..];
        }

        if (text.Length is 0 or > 4)
        {
            return false;
        }

        var value = 0;
        foreach (var b in text)
        {
            var digit = Hex.Digit(b);
            if (digit < 0)
            {
                return false;
            }

            value = (value << 4) | digit;
        }

        tag = (ushort)value;
        return true;
    }

    // message_payload, sar_*, receipted_message_id and message_state: they would contradict what is sent.
    private static bool IsOurs(ushort tag) => tag is 0x0424 or 0x020C or 0x020E or 0x020F or 0x001E or 0x0427;

    private static RequestError Wrong(string what) => RequestError.Of("tlvs", "invalid_tlv", what + "; " + Allowed);
}

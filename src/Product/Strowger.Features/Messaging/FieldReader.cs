using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Strowger.Features.Messaging;

/// <summary>Reads and checks the value of one field.</summary>
internal static class FieldReader
{
    public static RequestError? Read(ref Utf8JsonReader reader, MessageField field, MessageRequest request)
    {
        switch (field)
        {
            case MessageField.ExpiresIn:
                return ExpiresIn(ref reader, request);
            case MessageField.Tlvs:
                return TlvReader.Read(ref reader, request);
            case MessageField.SendAt or MessageField.GeneratedAt:
                return Time(ref reader, field, request);
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            return WrongType(field, "a string", reader.TokenType);
        }

        var slice = CopyString(ref reader, request);
        var value = request.Slice(slice);
        switch (field)
        {
            case MessageField.To:
                if (!Msisdn.TryParse(value, out var to, out var wrong))
                {
                    return RequestError.Of("to", "invalid_number", Msisdn.Explain(wrong));
                }

                request.To = to;
                return null;
            case MessageField.From:
                if (!Sender.TryParse(value, out var from, out var why))
                {
                    return RequestError.Of("from", "invalid_sender", why!);
                }

                request.From = from;
                return null;
            case MessageField.Text:
                request.TextSlice = slice;
                return Text(request);
            case MessageField.DataHex:
                return DataHex(slice, request);
            case MessageField.Priority:
                return Priority(value, request);
            case MessageField.Channel:
                request.ChannelSlice = slice;
                return IsName(value)
                    ? null
                    : RequestError.Of("channel", "invalid_channel", "the name is not one; allowed are 1 to 64 letters, digits, '.', '_' and '-', the first a letter or digit");
            case MessageField.CallbackUrl:
                request.CallbackSlice = slice;
                return value.Length > MessageLimits.MaxCallbackUrl ? TooLong(field, value.Length, MessageLimits.MaxCallbackUrl)
                    : request.IsCallbackValid() ? null
                    : RequestError.Of("callback_url", "invalid_url", "not an absolute URL; allowed are http and https URLs of at most 2048 octets");
            case MessageField.Reference:
                request.ReferenceSlice = slice;
                return value.Length > MessageLimits.MaxReference ? TooLong(field, value.Length, MessageLimits.MaxReference) : null;
            default:
                request.CampaignSlice = slice;
                return value.Length > MessageLimits.MaxCampaign ? TooLong(field, value.Length, MessageLimits.MaxCampaign) : null;
        }
    }

    /// <summary>Unescapes the string into the request's buffer, which has room by construction. Throws InvalidOperationException when it is not well-formed.</summary>
    internal static (int Start, int Length) CopyString(ref Utf8JsonReader reader, MessageRequest request)
    {
        var start = request.Used;
        int length;
        if (reader.ValueIsEscaped)
        {
            length = reader.CopyString(request.Octets.AsSpan(start));
        }
        else
        {
            var value = reader.ValueSpan;
            if (!Utf8.IsValid(value))
            {
                throw new InvalidOperationException("ill-formed UTF-8");
            }

            value.CopyTo(request.Octets.AsSpan(start));
            length = value.Length;
        }

        request.Used += length;
        return (start, length);
    }

    internal static RequestError WrongType(MessageField field, string wanted, JsonTokenType found) =>
        RequestError.Of(MessageFields.Name(field), "wrong_type", $"the value is {TypeName(found)}; allowed is {wanted}");

    private static string TypeName(JsonTokenType type) => type switch
    {
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        _ => "a string",
    };

    private static RequestError TooLong(MessageField field, int found, int allowed) => RequestError.Of(
        MessageFields.Name(field), "too_long", string.Create(CultureInfo.InvariantCulture, $"the value has {found} octets in UTF-8; allowed are {allowed}"));

    private static RequestError? Text(MessageRequest request)
    {
        if (request.TextSlice.Length == 0)
        {
            return RequestError.Of("text", "empty", "the text is empty; allowed are 1 or more characters");
        }

        request.WidenText();
        return request.Text.Length > MessageLimits.MaxTextChars
            ? RequestError.Of(
                "text", "too_long", string.Create(CultureInfo.InvariantCulture, $"the text has {request.Text.Length} characters; allowed are {MessageLimits.MaxTextChars} at most, and no more parts than the channel allows"))
            : null;
    }

    private static RequestError? DataHex((int Start, int Length) slice, MessageRequest request)
    {
        var hex = request.Octets.AsSpan(slice.Start, slice.Length);
        if (hex.Length > 2 * MessageLimits.MaxData)
        {
            return RequestError.Of("data_hex", "too_long", string.Create(CultureInfo.InvariantCulture, $"there are {hex.Length / 2} octets; allowed are {MessageLimits.MaxData}"));
        }

        // Octet n is written behind digits 2n and 2n+1, which have been read by then.
        if (hex.IsEmpty || Hex.Decode(hex, hex) is not { } written)
        {
            return RequestError.Of("data_hex", "invalid_hex", "not octets in hex; allowed is an even number, 2 or more, of the digits 0-9, a-f and A-F");
        }

        request.DataSlice = (slice.Start, written);
        return null;
    }

    private static RequestError? Priority(ReadOnlySpan<byte> value, MessageRequest request)
    {
        if (value.SequenceEqual("urgent"u8))
        {
            request.Priority = MessagePriority.Urgent;
        }
        else if (value.SequenceEqual("normal"u8))
        {
            request.Priority = MessagePriority.Normal;
        }
        else if (value.SequenceEqual("bulk"u8))
        {
            request.Priority = MessagePriority.Bulk;
        }
        else
        {
            return RequestError.Of("priority", "invalid_priority", "there is no such priority; allowed are urgent, normal and bulk");
        }

        return null;
    }

    private static RequestError? ExpiresIn(ref Utf8JsonReader reader, MessageRequest request)
    {
        const string Wanted = "a whole number of seconds from 1 to 2678400 (31 days)";
        if (reader.TokenType != JsonTokenType.Number)
        {
            return WrongType(MessageField.ExpiresIn, Wanted, reader.TokenType);
        }

        if (!reader.TryGetInt32(out var seconds) || seconds is < 1 or > MessageLimits.MaxExpiresInSeconds)
        {
            return RequestError.Of("expires_in", "out_of_range", "the number is out of range or has a fraction; allowed is " + Wanted);
        }

        request.ExpiresInSeconds = seconds;
        return null;
    }

    private static RequestError? Time(ref Utf8JsonReader reader, MessageField field, MessageRequest request)
    {
        const string Wanted = "ISO 8601 with a zone, from 2000 to 2099, such as 2026-05-17T14:03:21Z";
        if (reader.TokenType != JsonTokenType.String)
        {
            return WrongType(field, "a string: " + Wanted, reader.TokenType);
        }

        // Without a zone the time would be read in the server's.
        var raw = reader.ValueSpan;
        var zoned = raw is [.., (byte)'Z'] or [.., (byte)'+' or (byte)'-', _, _, (byte)':', _, _];
        if (!zoned || !reader.TryGetDateTimeOffset(out var time) || time.ToUnixTimeMilliseconds() is var ms && ms is < MessageLimits.MinTimeMs or >= MessageLimits.MaxTimeMs)
        {
            return RequestError.Of(MessageFields.Name(field), "invalid_time", "not a time; allowed is " + Wanted);
        }

        if (field == MessageField.SendAt)
        {
            request.SendAtMs = time.ToUnixTimeMilliseconds();
        }
        else
        {
            request.GeneratedAtMs = time.ToUnixTimeMilliseconds();
        }

        return null;
    }

    /// <summary>A channel's name: 1 to 64 of A-Z a-z 0-9 . _ -, the first a letter or digit.</summary>
    private static bool IsName(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.Length > MessageLimits.MaxChannel || !char.IsAsciiLetterOrDigit((char)value[0]))
        {
            return false;
        }

        foreach (var b in value)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'.' or (byte)'_' or (byte)'-'))
            {
                return false;
            }
        }

        return true;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Strowger.Features.Messaging;

/// <summary>Reads one message from JSON and checks every field. The first mistake ends it.</summary>
public static class MessageRequestParser
{
    /// <summary>An object of scalars and one object of TLVs; what is nested deeper is wrong anyway.</summary>
    private const int MaxDepth = 8;

    /// <summary>Reads the message into <paramref name="request"/>, whose content counts only when the result is true.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, MessageRequest request, out RequestError? error)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (json.Length > MessageLimits.MaxLine)
        {
            error = new RequestError(413, "line_too_long", null, $"the message is longer than {MessageLimits.MaxLine.ToString(CultureInfo.InvariantCulture)} octets");
            return false;
        }

        // Whatever is copied is no longer than it was in JSON.
        request.Clear(json.Length);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var field = MessageField.Unknown;
        try
        {
            error = ReadObject(ref reader, request, ref field);
            if (error is null)
            {
                // Anything behind the object makes this throw.
                while (reader.Read())
                {
                }
            }
        }
        catch (JsonException malformed)
        {
            error = Malformed(json, malformed);
        }
        catch (InvalidOperationException)
        {
            // The reader's word for ill-formed UTF-8 and for an escaped half of a surrogate pair.
            error = field == MessageField.Unknown
                ? new RequestError(422, "unknown_field", null, "a field's name is not well-formed Unicode; known are " + MessageFields.Known)
                : RequestError.Of(MessageFields.Name(field), "invalid_text", "the value has ill-formed UTF-8 or half of a surrogate pair; allowed is well-formed Unicode");
        }

        return error is null;
    }

    private static RequestError? ReadObject(ref Utf8JsonReader reader, MessageRequest request, ref MessageField field)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return new RequestError(422, "wrong_type", null, $"a message is a JSON object with the fields {MessageFields.Known}");
        }

        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            field = MessageField.Unknown;
            field = FindField(ref reader);
            if (field == MessageField.Unknown)
            {
                return UnknownField(ref reader);
            }

            if ((seen & (1 << (int)field)) != 0)
            {
                return RequestError.Of(MessageFields.Name(field), "duplicate_field", "the field is there twice; allowed is once");
            }

            reader.Read();

            // Many serializers write what is not set as null.
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            seen |= 1 << (int)field;
            if (FieldReader.Read(ref reader, field, request) is { } error)
            {
                return error;
            }
        }

        return Missing(seen, request);
    }

    private static RequestError? Missing(int seen, MessageRequest request)
    {
        if ((seen & (1 << (int)MessageField.To)) == 0)
        {
            return RequestError.Of("to", "missing_field", "the receiver is missing; allowed is an E.164 number such as +46701234567");
        }

        if ((seen & (1 << (int)MessageField.From)) == 0)
        {
            return RequestError.Of("from", "missing_field", "the sender is missing; allowed are an E.164 number, a short code or a name of at most 11 characters");
        }

        var text = (seen & (1 << (int)MessageField.Text)) != 0;
        request.IsData = (seen & (1 << (int)MessageField.DataHex)) != 0;
        return text == request.IsData
            ? RequestError.Of("text", text ? "text_and_data" : "missing_field", $"{(text ? "both text and data_hex are there" : "there is nothing to send")}; allowed is one of text and data_hex")
            : null;
    }

    private static MessageField FindField(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return MessageFields.Find(reader.ValueSpan);
        }

        // A name of 12 letters takes 72 octets when every letter is written \u00XX.
        if (reader.ValueSpan.Length > 72)
        {
            return MessageField.Unknown;
        }

        Span<byte> name = stackalloc byte[72];
        return MessageFields.Find(name[..reader.CopyString(name)]);
    }

    private static RequestError UnknownField(ref Utf8JsonReader reader)
    {
        const int Shown = 64;
        var raw = reader.ValueSpan;
        var name = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, Shown)]);
        return RequestError.Of(name, "unknown_field", $"there is no field '{name}'; known are {MessageFields.Known}");
    }

    private static RequestError Malformed(ReadOnlySpan<byte> json, JsonException malformed)
    {
        var position = (int)(malformed.BytePositionInLine ?? 0);
        for (var line = malformed.LineNumber ?? 0; line > 0; line--)
        {
            var feed = json.IndexOf((byte)'\n') + 1;
            position += feed;
            json = json[feed..];
        }

        var message = malformed.Message;
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return new RequestError(
            400, "malformed_json", null, string.Create(CultureInfo.InvariantCulture, $"not valid JSON at octet {position}: {(end < 0 ? message : message[..end])}"));
    }
}

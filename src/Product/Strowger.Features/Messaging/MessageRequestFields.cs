using System.Text.Unicode;

namespace Strowger.Features.Messaging;

/// <summary>A text by its fields, for doors that do not speak JSON: rows of a file. Spans are UTF-8.</summary>
public readonly ref struct TextFields
{
    /// <summary>The receiver's number as it was written; blanks around it are dropped.</summary>
    public required ReadOnlySpan<byte> To { get; init; }

    public required Sender From { get; init; }

    public required ReadOnlySpan<byte> Text { get; init; }

    /// <summary>A channel's name; empty: by the number.</summary>
    public ReadOnlySpan<byte> Channel { get; init; }

    public ReadOnlySpan<byte> Campaign { get; init; }

    public ReadOnlySpan<byte> Reference { get; init; }

    public MessagePriority Priority { get; init; }
}

/// <summary>Fills a request from fields, with the checks that <see cref="MessageRequestParser"/> makes.</summary>
public static class MessageRequestFields
{
    /// <returns>Null when the request counts.</returns>
    public static RequestError? Fill(MessageRequest request, in TextFields fields)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Clear(fields.Text.Length + fields.Channel.Length + fields.Campaign.Length + fields.Reference.Length);
        if (!Msisdn.TryParse(fields.To.Trim(" \t"u8), out var to, out var wrong))
        {
            return RequestError.Of("to", "invalid_number", Msisdn.Explain(wrong));
        }

        if (fields.Text.IsEmpty)
        {
            return RequestError.Of("text", "empty", "the text is empty; allowed are 1 or more characters");
        }

        if (!Utf8.IsValid(fields.Text))
        {
            return RequestError.Of("text", "invalid_text", "the text is not well-formed Unicode");
        }

        if (fields.Reference.Length > MessageLimits.MaxReference)
        {
            return RequestError.Of("reference", "too_long", $"the reference has {fields.Reference.Length} octets in UTF-8; allowed are {MessageLimits.MaxReference}");
        }

        request.To = to;
        request.From = fields.From;
        request.Priority = fields.Priority;
        request.TextSlice = request.Put(fields.Text);
        request.ChannelSlice = request.Put(fields.Channel);
        request.CampaignSlice = request.Put(fields.Campaign);
        request.ReferenceSlice = request.Put(fields.Reference);
        request.WidenText();
        return request.Text.Length > MessageLimits.MaxTextChars
            ? RequestError.Of("text", "too_long", $"the text has {request.Text.Length} characters; allowed are {MessageLimits.MaxTextChars}")
            : null;
    }

    /// <summary>Fills a request for the same octets, coded in the same way; due time and expiry are the old message's own.</summary>
    internal static void Fill(MessageRequest request, in MessageBodyReader message)
    {
        request.Clear(message.Content.Length + message.Channel.Length + message.Campaign.Length + message.Reference.Length + message.CallbackUrl.Length + message.Tlvs.Length);
        request.To = message.To;
        request.From = message.From;
        request.Priority = message.Priority;
        request.IsData = true;
        request.DataSlice = request.Put(message.Content);
        request.ChannelSlice = request.Put(message.Channel);
        request.CampaignSlice = request.Put(message.Campaign);
        request.ReferenceSlice = request.Put(message.Reference);
        request.CallbackSlice = request.Put(message.CallbackUrl);
        request.TlvSlice = request.Put(message.Tlvs);
        request.Coding = new GivenCoding(message.Plan.Encoding, message.Plan.DataCoding, message.EsmClass, message.ProtocolId, IsWhole: message.Plan.Parts == 1);
    }
}

using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging;

/// <summary>What a message's body keeps: all that is needed to send it later, on whatever channel it goes.</summary>
public readonly ref struct MessageBodyFields
{
    /// <summary>The receiver.</summary>
    public Msisdn To { get; init; }

    /// <summary>The sender.</summary>
    public Sender From { get; init; }

    /// <summary>Encoding, data_coding and parts as decided at accept.</summary>
    public TextPlan Plan { get; init; }

    /// <summary>Handed over in one piece: one job, whatever the parts of the plan.</summary>
    public bool InPayload { get; init; }

    /// <summary>The text in UTF-8, or the octets when the plan is binary.</summary>
    public ReadOnlySpan<byte> Content { get; init; }

    /// <summary>The lane.</summary>
    public MessagePriority Priority { get; init; }

    /// <summary>The caller's reference, UTF-8.</summary>
    public ReadOnlySpan<byte> Reference { get; init; }

    /// <summary>The campaign, UTF-8.</summary>
    public ReadOnlySpan<byte> Campaign { get; init; }

    /// <summary>Where to post what happens.</summary>
    public ReadOnlySpan<byte> CallbackUrl { get; init; }

    /// <summary>The channel the message must go by; empty: as routed.</summary>
    public ReadOnlySpan<byte> Channel { get; init; }

    /// <summary>When the caller made it, Unix milliseconds.</summary>
    public long? GeneratedAtMs { get; init; }

    /// <summary>TLVs as on the wire.</summary>
    public ReadOnlySpan<byte> Tlvs { get; init; }

    /// <summary>Who handed it in, UTF-8: the number of an API key, or what another door calls its caller; empty: nobody with a name.</summary>
    public ReadOnlySpan<byte> Account { get; init; }

    /// <summary>esm_class and protocol_id that the caller gave, for octets that are sent on as they came.</summary>
    public (byte EsmClass, byte ProtocolId) Wire { get; init; }

    /// <summary>The fields of a request and its plan.</summary>
    public static MessageBodyFields Of(MessageRequest request, in TextPlan plan, ReadOnlySpan<byte> account = default, bool inPayload = false)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new MessageBodyFields
        {
            To = request.To,
            From = request.From,
            Plan = plan,
            InPayload = inPayload,
            Content = request.IsData ? request.Data : request.TextUtf8,
            Priority = request.Priority ?? MessagePriority.Normal,
            Reference = request.Reference,
            Campaign = request.Campaign,
            CallbackUrl = request.CallbackUrl,
            Channel = request.Channel,
            GeneratedAtMs = request.GeneratedAtMs,
            Tlvs = request.Tlvs,
            Account = account,
            Wire = request.Coding is { } coding ? (coding.EsmClass, coding.ProtocolId) : default,
        };
    }
}

using Strowger.Records.Messages;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>A message with all that is known of it.</summary>
public sealed record MessageView(
    MessageId Id,
    MessageStatus Status,
    string To,
    string From,
    string? Text,
    string? DataHex,
    string Priority,
    string? Channel,
    int Segments,
    string Encoding,
    string? Campaign,
    string? Reference,
    DateTimeOffset AcceptedAt,
    DateTimeOffset? GeneratedAt,
    DateTimeOffset? SendAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? SentAt,
    DateTimeOffset? FinalAt,
    MessageError? Error,
    Lateness Lateness,
    IReadOnlyList<TimelineEvent> Timeline)
{
    /// <summary>Of octets: the text in them, without a header; null where they are none.</summary>
    public string? Reads { get; init; }

    /// <summary>Of a part that its sender divided: which it is, from 1, and of how many; 0 and 0 of all else.</summary>
    public (int Number, int Of) SenderPart { get; init; }

    /// <summary>The channel asked for by name, if one was.</summary>
    public string? RequestedChannel { get; init; }

    public string? CallbackUrl { get; init; }

    /// <summary>Who handed it in: the number of an API key, or what another door calls its caller; null: nobody with a name.</summary>
    public string? Account { get; init; }

    /// <summary>What it waits for; null when it does not.</summary>
    public MessageWait? WaitsFor { get; init; }

    /// <summary>TLVs asked for: tag as 0x1400, value in hex.</summary>
    public IReadOnlyDictionary<string, string> Tlvs { get; init; } = new Dictionary<string, string>();
}

/// <summary>Why it did not arrive: a stable code, its name, and what it means in words.</summary>
public sealed record MessageError(int Code, string Name, string Detail);

/// <summary>Where the time went, in milliseconds; null where not known yet.</summary>
public sealed record Lateness(double? BeforeUsMs, double? WaitingMs, double? CarrierMs);

/// <summary>One event in a message's life. <paramref name="Part"/> from 1.</summary>
public sealed record TimelineEvent(DateTimeOffset Time, string Event, int Part, string? Channel, string? Detail, string? CarrierId = null);

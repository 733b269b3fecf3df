using System.Text.Json;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>The body of a post to <c>InboundUrl</c>. Numbers as the carrier wrote them.</summary>
/// <param name="Part">Set when the other parts of the text did not come.</param>
public sealed record InboundPost(
    string Id,
    string Type,
    string Channel,
    string From,
    string To,
    string? Text,
    string? DataHex,
    int DataCoding,
    int Parts,
    int? Part,
    string ReceivedAt)
{
    /// <summary>The carrier's own TLVs by tag; null when there are none.</summary>
    public Dictionary<string, string>? Tlvs { get; init; }

    public const string ReceivedType = "inbound.received";

    internal static InboundPost Of(InboundItem item) => new(
        InboundId.Of(item.Position),
        ReceivedType,
        item.Text.Channel,
        item.Text.From,
        item.Text.To,
        item.Text.Text,
        item.Text.DataHex,
        item.Text.DataCoding,
        item.Text.Parts,
        item.IsPart ? item.Text.Part : null,
        DateTimeOffset.FromUnixTimeMilliseconds(item.TimeMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture))
    {
        Tlvs = KeptTlvs.Shown(item.Text.Tlvs),
    };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, InboundJson.Readable.InboundPost);
}

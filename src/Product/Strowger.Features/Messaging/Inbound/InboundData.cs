using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>A text that came in, as the event log keeps it and as it is posted: JSON, since it is rare beside what goes out and is read by people.</summary>
public sealed record InboundText(
    string Channel,
    string From,
    string To,
    string? Text,
    string? DataHex,
    int DataCoding,
    int Parts = 1,
    int Part = 1,
    int Reference = 0)
{
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, InboundJson.Default.InboundText);

    public static InboundText? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, InboundJson.Default.InboundText);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InboundText))]
internal sealed partial class InboundJson : JsonSerializerContext;

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>
/// A text that came in, as the event log keeps it: JSON, since it is rare beside what goes out and is read by people. Numbers are
/// as the carrier wrote them. Part is 0 in a text joined from parts; data of a part is without its user data header.
/// </summary>
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
    /// <summary>Hexadecimal digits of the carrier's own TLVs as on the wire; null when there are none. Of a joined text: of its first part that has any.</summary>
    public string? Tlvs { get; init; }


    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, InboundJson.Readable.InboundText);

    public static InboundText? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, InboundJson.Readable.InboundText);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(InboundText))]
[JsonSerializable(typeof(InboundPost))]
internal sealed partial class InboundJson : JsonSerializerContext
{
    /// <summary>Texts in their own script: half the octets of escapes. They go into files and POST bodies, never into HTML.</summary>
    public static InboundJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strowger.Features.Notifications.Mail;

/// <summary>A mail that waits: a plain text to some people, all in one envelope.</summary>
/// <param name="To">1 to <see cref="MaxRecipients"/> addresses.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">Lines of any length.</param>
public sealed record MailMessage(IReadOnlyList<string> To, string Subject, string Text)
{
    public const int MaxRecipients = 50;
    public const int MaxSubject = 500;
    public const int MaxText = 200_000;

    internal byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, MailJson.Readable.MailMessage);

    internal static MailMessage? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, MailJson.Readable.MailMessage);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSerializable(typeof(MailMessage))]
internal sealed partial class MailJson : JsonSerializerContext
{
    /// <summary>In the log's own way of writing: it begins with a brace, which tells it from a message.</summary>
    public static MailJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}

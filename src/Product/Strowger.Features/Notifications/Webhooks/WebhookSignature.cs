using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>Signatures of the Standard Webhooks specification, symmetric (v1): HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
public static class WebhookSignature
{
    private const string Version = "v1,";

    /// <summary>Octets of an id, a dot, a timestamp and a dot.</summary>
    private const int MaxHead = 256;

    /// <summary>One signature, as it stands in <c>webhook-signature</c>.</summary>
    /// <param name="key">From <see cref="Strowger.Records.Settings.SigningSecret.KeyOf"/>.</param>
    /// <param name="id">As in <c>webhook-id</c>, at most 200 characters of ASCII.</param>
    /// <param name="timestamp">Unix seconds, as in <c>webhook-timestamp</c>.</param>
    /// <param name="body">Octet for octet.</param>
    public static string Sign(ReadOnlySpan<byte> key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(id);
        var content = new byte[MaxHead + body.Length];
        var length = Encoding.ASCII.GetBytes(id, content);
        content[length++] = (byte)'.';
        _ = Utf8Formatter.TryFormat(timestamp, content.AsSpan(length), out var digits);
        length += digits;
        content[length++] = (byte)'.';
        body.CopyTo(content.AsSpan(length));
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, content.AsSpan(0, length + body.Length), hash);
        return Version + Convert.ToBase64String(hash);
    }
}

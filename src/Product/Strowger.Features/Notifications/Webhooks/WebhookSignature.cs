using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>Signatures of the Standard Webhooks specification, symmetric (v1): HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
public static class WebhookSignature
{
    public const string SecretPrefix = "whsec_";
    private const string Version = "v1,";

    /// <summary>The specification allows 24 to 64.</summary>
    private const int SecretBytes = 32;

    /// <summary>Octets of an id, a dot, a timestamp and a dot.</summary>
    private const int MaxHead = 256;

    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The key in a secret.</summary>
    /// <exception cref="FormatException">It is not one of ours.</exception>
    public static byte[] KeyOf(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            ? Convert.FromBase64String(secret[SecretPrefix.Length..])
            : throw new FormatException("A webhook's secret begins with whsec_.");
    }

    /// <summary>One signature, as it stands in <c>webhook-signature</c>.</summary>
    /// <param name="key">From <see cref="KeyOf"/>.</param>
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

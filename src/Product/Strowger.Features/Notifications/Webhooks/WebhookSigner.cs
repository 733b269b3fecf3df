using Strowger.Records.Settings;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>Which secrets sign a post: its webhook's, those of the API key that handed the text in, or the server's.</summary>
/// <param name="webhooks">Have secrets of their own, and the server's.</param>
/// <param name="signingOf">By the account that a text keeps; null when it has none.</param>
internal sealed class WebhookSigner(WebhookSet webhooks, Func<string, KeySigning?> signingOf)
{
    /// <summary>What stands in <c>webhook-signature</c>.</summary>
    public string Sign(WebhookTarget target, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        var (key, old) = KeysOf(target, now);
        var seconds = now.ToUnixTimeSeconds();
        var signature = WebhookSignature.Sign(key, target.EventId, seconds, body);
        return old is null ? signature : signature + " " + WebhookSignature.Sign(old, target.EventId, seconds, body);
    }

    private (byte[] Key, byte[]? Old) KeysOf(WebhookTarget target, DateTimeOffset now)
    {
        if (target.Kind == TargetKind.Webhook && webhooks.FindEndpoint(target.Name) is { } endpoint)
        {
            return (endpoint.Key, endpoint.Record.OldUntil > now ? endpoint.OldKey : null);
        }

        if (target.Kind == TargetKind.Callback && target.Name.Length > 0 && signingOf(target.Name) is { } signing)
        {
            var old = signing.OldSecret is { } secret ? SigningSecret.KeyOf(secret) : webhooks.ServerKey;
            return (SigningSecret.KeyOf(signing.Secret), signing.OldUntil > now ? old : null);
        }

        return (webhooks.ServerKey, null);
    }
}

using System.Text.Json;
using Strowger.Features.Messaging.Statuses;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Records.Settings;
using Strowger.Records.Webhooks;
using Strowger.Server.Http.Json;

namespace Strowger.Server.Http.Webhooks;

/// <summary>Webhooks and their deliveries as the API shows them.</summary>
internal static class WebhookJson
{
    public static void Write(Utf8JsonWriter writer, WebhookRecord webhook) => Write(writer, webhook, withSecret: false);

    /// <summary>The only answers that hold a secret are those that made it.</summary>
    public static void WriteWithSecret(Utf8JsonWriter writer, WebhookRecord webhook) => Write(writer, webhook, withSecret: true);

    public static void Write(Utf8JsonWriter writer, DeliveryRow row, WebhookSet webhooks)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, IdOf(row.Id));
        writer.WriteString("webhook"u8, row.Webhook.Length == 0 ? null : row.Webhook);
        writer.WriteString("host"u8, row.Host.Length > 0 ? row.Host : webhooks.Find(row.Webhook) is { } known ? new Uri(known.Url).Authority : null);
        writer.WriteString("type"u8, row.Type);
        writer.WriteString("subject"u8, row.Subject);
        writer.WriteString("event_id"u8, row.EventId);
        writer.WriteString("state"u8, Word(row.State));
        writer.WriteNumber("attempts"u8, row.Attempts);
        var reason = row.Code == 0 ? null : Reasons.Of(row.Code);
        writer.WriteString("reason"u8, reason?.Name);
        writer.WriteString("detail"u8, reason?.Detail);
        writer.WriteTime("queued_at"u8, row.QueuedMs);
        writer.WriteTime("last_attempt_at"u8, row.LastMs);
        writer.WriteTime("next_attempt_at"u8, row.NextMs);
        writer.WriteEndObject();
    }

    public static string IdOf(long delivery) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"dl_{delivery}");

    public static bool TryId(string? text, out long delivery)
    {
        delivery = 0;
        return text is not null && text.StartsWith("dl_", StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(3), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out delivery) && delivery > 0;
    }

    public static string Word(DeliveryState state) => state switch
    {
        DeliveryState.Queued => "queued",
        DeliveryState.Retrying => "retrying",
        DeliveryState.Delivered => "delivered",
        _ => "failed",
    };

    private static void Write(Utf8JsonWriter writer, WebhookRecord webhook, bool withSecret)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, webhook.Id);
        writer.WriteString("url"u8, webhook.Url);
        writer.WriteStartArray("types"u8);
        foreach (var type in webhook.Types)
        {
            writer.WriteStringValue(type);
        }

        writer.WriteEndArray();
        writer.WriteString("description"u8, webhook.Description);
        writer.WriteBoolean("enabled"u8, webhook.Enabled);
        writer.WriteTime("created_at"u8, webhook.CreatedAt);
        writer.WriteTime("old_secret_until"u8, webhook.OldUntil);
        if (withSecret)
        {
            writer.WriteString("secret"u8, webhook.Secret);
        }

        writer.WriteEndObject();
    }
}

using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Server.Http.Json;

namespace Strowger.Server.Http.Channels;

/// <summary>A channel's limits by sender: as set, what of each is used and left, and when it begins anew.</summary>
internal static class LimitView
{
    /// <summary>Senders told one by one, those with most used first.</summary>
    private const int MaxSenders = 20;

    public static void Write(Utf8JsonWriter writer, Channel channel)
    {
        writer.WriteStartArray("limits"u8);
        if (channel.Settings.Limits.Count > 0)
        {
            foreach (var (limit, now) in channel.Settings.Limits.Zip(channel.Stage.GetLimits(MaxSenders)))
            {
                writer.WriteStartObject();
                writer.WriteString("name"u8, limit.Name);
                WriteSenders(writer, limit.Senders);
                writer.WriteNumberOrNull("rate"u8, limit.Rate);
                writer.WriteNumberOrNull("per_day"u8, limit.PerDay);
                writer.WriteString("time_zone"u8, limit.TimeZone);
                writer.WriteNumber("tracked"u8, now.Tracked);
                writer.WriteStartArray("buckets"u8);
                foreach (var bucket in now.Buckets)
                {
                    Write(writer, bucket, limit.PerDay);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteSenders(Utf8JsonWriter writer, IReadOnlyList<string>? senders)
    {
        if (senders is null)
        {
            writer.WriteNull("senders"u8);
            return;
        }

        writer.WriteStartArray("senders"u8);
        foreach (var sender in senders)
        {
            writer.WriteStringValue(sender);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, in LimitBucketInfo bucket, long? perDay)
    {
        writer.WriteStartObject();
        writer.WriteString("sender"u8, bucket.Key.Length > 0 ? bucket.Key : null);
        writer.WriteNumberOrNull("used"u8, perDay is null ? null : bucket.Used);
        writer.WriteNumberOrNull("left"u8, perDay is null ? null : Math.Max(0, perDay.Value - bucket.Used));
        writer.WriteTime("resets_at"u8, perDay is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(bucket.ResetsMs));
        writer.WriteNumber("waiting"u8, bucket.Waiting);
        writer.WriteEndObject();
    }
}

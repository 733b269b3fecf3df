using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Messaging.Limits;

namespace Strowger.Server.Configuration;

/// <summary>Limits of a channel by sender, read and written.</summary>
internal static class LimitReader
{
    public static IReadOnlyList<SenderLimit> Read(SectionReader reader)
    {
        var items = reader.Items("Limits");
        if (items.Count > EngineLimits.MaxLimits)
        {
            reader.Add("Limits", $"{items.Count} entries", $"at most {EngineLimits.MaxLimits} are allowed");
            return [];
        }

        var limits = new List<SenderLimit>();
        foreach (var (i, item) in items.Index())
        {
            var section = reader.Entry("Limits", i, item);
            if (item.Kind == NodeKind.Section)
            {
                var limit = Read(section, limits);
                section.Finish();
                limits.Add(limit);
            }
        }

        return limits;
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyList<SenderLimit> limits)
    {
        if (limits.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("Limits");
        foreach (var limit in limits)
        {
            writer.WriteStartObject();
            writer.WriteString("Name", limit.Name);
            if (limit.Senders is { } senders)
            {
                writer.WriteStartArray("Senders");
                foreach (var sender in senders)
                {
                    writer.WriteStringValue(sender);
                }

                writer.WriteEndArray();
            }

            if (limit.Rate is { } rate)
            {
                writer.WriteNumber("Rate", rate);
            }

            if (limit.PerDay is { } day)
            {
                writer.WriteNumber("PerDay", day);
            }

            if (limit.TimeZone != SenderLimit.Utc)
            {
                writer.WriteString("TimeZone", limit.TimeZone);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static SenderLimit Read(SectionReader reader, List<SenderLimit> before)
    {
        var limit = new SenderLimit
        {
            Name = reader.Required("Name", "each limit has a name of its own", SenderLimit.MaxName),
            Rate = reader.Number("Rate", ChannelReader.MinRate, ChannelReader.MaxRate, "(parts a second)"),
            PerDay = (long?)reader.Number("PerDay", 1, LimitOptions.MaxPerDay, "(parts a day)"),
            TimeZone = reader.Text("TimeZone", SenderLimit.Utc, 64)!,
            Senders = reader.Texts("Senders") is { Count: > 0 } senders ? senders : null,
        };
        if (before.Exists(other => other.Name == limit.Name))
        {
            reader.Add("Name", $"\"{limit.Name}\"", "another limit of this channel has this name; each needs its own");
        }

        if (limit.Rate is null && limit.PerDay is null)
        {
            reader.Add("Rate", null, "it is missing: a limit has a Rate, a PerDay, or both");
        }

        if (SenderLimit.ZoneOf(limit.TimeZone) is null)
        {
            reader.Add("TimeZone", $"\"{limit.TimeZone}\"", "allowed are names of the IANA database such as America/New_York");
        }

        CheckSenders(reader, limit.Senders ?? []);
        return limit;
    }

    private static void CheckSenders(SectionReader reader, IReadOnlyList<string> senders)
    {
        if (senders.Count > SenderLimit.MaxSenders)
        {
            reader.Add("Senders", $"{senders.Count} entries", $"at most {SenderLimit.MaxSenders} are allowed");
            return;
        }

        foreach (var sender in senders)
        {
            if (SenderLimit.ProblemOf(sender) is { } problem)
            {
                reader.Add("Senders", $"\"{sender}\"", problem);
            }
        }
    }
}

using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Campaigns;

namespace Strowger.Features;

/// <summary>Facts of features that keep their data as a JSON object, whose <c>id</c> is what they are about: the log shows them as they are.</summary>
internal static class JsonFacts
{
    /// <summary>Its name; null when it is none of these.</summary>
    public static string? TypeOf(int code) => CampaignEvents.TypeOf(code);

    public static string? SubjectOf(in EngineEvent item)
    {
        if (item.Kind != EntryKind.Event || TypeOf(item.Code) is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(item.Data.ToArray());
        return document.RootElement.TryGetProperty("id"u8, out var id) ? id.GetString() : null;
    }

    /// <summary>Writes the members into the open object.</summary>
    public static void WriteData(Utf8JsonWriter writer, in EngineEvent item)
    {
        if (TypeOf(item.Code) is null)
        {
            return;
        }

        using var document = JsonDocument.Parse(item.Data.ToArray());
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (!member.NameEquals("id"u8))
            {
                member.WriteTo(writer);
            }
        }
    }
}

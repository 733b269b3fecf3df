using System.Text.Json;

namespace Strowger.Server.Http.Json;

/// <summary>Lists of texts as the API writes them.</summary>
internal static class JsonTexts
{
    public static void WriteTexts(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}

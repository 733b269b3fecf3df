using System.Text.Json;

namespace Strowger.Load.Reports;

/// <summary>The rows for programs: one JSON object.</summary>
internal static class JsonReport
{
    public static void Write(TextWriter output, IReadOnlyList<Row> rows)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("ok", rows.All(row => row.Ok != false));
            writer.WriteStartArray("rows");
            foreach (var row in rows)
            {
                Write(writer, row);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void Write(Utf8JsonWriter writer, Row row)
    {
        writer.WriteStartObject();
        writer.WriteString("name", row.Name);
        writer.WriteString("what", row.What);
        writer.WriteString("measured", row.Measured);
        writer.WriteString("target", row.Target);
        if (row.Ok is { } ok)
        {
            writer.WriteBoolean("ok", ok);
        }
        else
        {
            writer.WriteNull("ok");
        }

        foreach (var (name, value) in row.Figures)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumber(name, value);
            }
            else
            {
                writer.WriteNull(name);
            }
        }

        writer.WriteEndObject();
    }
}

using System.Buffers;
using System.Text.Json;
using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>What the log keeps of a job put back: <c>{"queue": "reports", "as": "job_0000000000002"}</c>.</summary>
internal static class RequeuedFact
{
    public static byte[] Write(string queue, JobId later)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("queue"u8, queue);
            writer.WriteString("as"u8, JobName.Of(later));
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>False when the event is another one.</summary>
    public static bool TryRead(in EngineEvent item, out string queue, out JobId later)
    {
        (queue, later) = (string.Empty, default);
        if (item.Kind != EntryKind.Event || item.Code != JobCodes.Requeued)
        {
            return false;
        }

        using var document = JsonDocument.Parse(item.Data.ToArray());
        queue = document.RootElement.GetProperty("queue"u8).GetString()!;
        return JobName.TryParse(document.RootElement.GetProperty("as"u8).GetString(), out later);
    }
}

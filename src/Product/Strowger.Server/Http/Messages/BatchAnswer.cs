using System.Text.Json;
using Strowger.Features.Messaging.Sending;

namespace Strowger.Server.Http.Messages;

/// <summary>What became of a batch.</summary>
internal static class BatchAnswer
{
    public static void WriteMembers(Utf8JsonWriter writer, string id, BatchSender batch, long? next)
    {
        writer.WriteString("id"u8, id);
        writer.WriteNumber("accepted"u8, batch.Accepted);
        if (next is { } line)
        {
            writer.WriteNumber("next_line"u8, line);
        }
        else
        {
            writer.WriteNull("next_line"u8);
        }

        writer.WriteNumber("rejected_count"u8, batch.RejectedCount);
        writer.WriteStartArray("rejected"u8);
        foreach (var rejected in batch.Rejected.OrderBy(r => r.Line))
        {
            writer.WriteStartObject();
            writer.WriteNumber("line"u8, rejected.Line);
            writer.WriteString("code"u8, rejected.Code);
            writer.WriteString("detail"u8, rejected.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

using System.Globalization;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Jobs;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Jobs;

/// <summary>What became of a call with many jobs.</summary>
internal static class JobsBatchAnswer
{
    /// <returns>What to answer instead, when nothing was taken for a reason that passes.</returns>
    public static async Task<Problem?> WriteAsync(HttpContext context, JobsBatch batch)
    {
        var problem = batch.Stopped == EnqueueStatus.Accepted ? null : EnqueueProblems.Of(batch.Stopped, batch.Queue.Name);
        if (problem is not null && batch.Accepted.Count == 0)
        {
            return problem with { Extend = writer => WriteMembers(writer, batch) };
        }

        if (problem?.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        await JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, batch, static (writer, batch) =>
        {
            writer.WriteStartObject();
            WriteMembers(writer, batch);
            writer.WriteEndObject();
        }).ConfigureAwait(false);
        return null;
    }

    private static void WriteMembers(Utf8JsonWriter writer, JobsBatch batch)
    {
        writer.WriteNumber("accepted"u8, batch.Accepted.Count);
        if (batch.NextLine > 0)
        {
            writer.WriteNumber("next_line"u8, batch.NextLine);
        }
        else
        {
            writer.WriteNull("next_line"u8);
        }

        writer.WriteStartArray("jobs"u8);
        foreach (var (line, id) in batch.Accepted)
        {
            writer.WriteStartObject();
            writer.WriteNumber("line"u8, line);
            writer.WriteString("id"u8, JobName.Of(id));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("rejected_count"u8, batch.Rejected.Count);
        writer.WriteStartArray("rejected"u8);
        foreach (var (line, problem) in batch.Rejected.OrderBy(r => r.Line).Take(Features.Messaging.Sending.BatchSender.MaxRejectedTold))
        {
            writer.WriteStartObject();
            writer.WriteNumber("line"u8, line);
            writer.WriteString("code"u8, problem.Code);
            writer.WriteString("detail"u8, problem.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

using System.Text.Json;
using Strowger.Features.Jobs;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Jobs;

/// <summary>One of many acknowledgements, and what became of it.</summary>
internal sealed class AckAnswer(RequestObject item, JobReport report)
{
    public JobReport Report => report;

    /// <summary>Null: it counts.</summary>
    public Problem? Problem { get; set; } = item.Problem;

    public static Task WriteAsync(HttpContext context, IReadOnlyList<AckAnswer> answers, JobsService jobs) =>
        JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, (answers, jobs), static (writer, state) =>
        {
            var accepted = state.answers.Count(answer => answer.Problem is null);
            writer.WriteStartObject();
            writer.WriteNumber("accepted"u8, accepted);
            writer.WriteNumber("rejected_count"u8, state.answers.Count - accepted);
            writer.WriteStartArray("data"u8);
            foreach (var answer in state.answers)
            {
                answer.Write(writer, state.jobs);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private void Write(Utf8JsonWriter writer, JobsService jobs)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, report.Id.IsNone ? null : JobName.Of(report.Id));
        writer.WriteBoolean("ok"u8, Problem is null);
        if (Problem is { } problem)
        {
            writer.WriteStartObject("error"u8);
            writer.WriteString("code"u8, problem.Error.Code);
            writer.WriteString("detail"u8, problem.Detail);
            writer.WriteString("field"u8, problem.Field);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("state"u8, jobs.StateOf(report.Id));
        }

        writer.WriteEndObject();
    }
}

using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Jobs;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Jobs;

/// <summary>Jobs as the API shows them.</summary>
internal static class JobJson
{
    public static void Write(Utf8JsonWriter writer, JobView job)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, JobName.Of(job.Id));
        writer.WriteString("queue"u8, job.Queue);
        writer.WriteString("state"u8, job.State);
        WriteReason(writer, "waits_for"u8, job.WaitsFor);
        WritePlace(writer, job.Lane, job.Flow);
        writer.WriteNumber("attempts"u8, job.Attempts);
        writer.WriteNumber("max_attempts"u8, job.MaxAttempts);
        writer.WriteTime("enqueued_at"u8, job.EnqueuedMs);
        writer.WriteTime("run_at"u8, job.DueMs);
        writer.WriteTime("expires_at"u8, job.ExpiresMs);
        writer.WriteTime("lease_until"u8, job.LeaseUntilMs);
        writer.WriteTime("finished_at"u8, job.FinishedMs);
        WriteReason(writer, "error"u8, job.Error);
        writer.WriteString("requeued_as"u8, job.RequeuedAs.IsNone ? null : JobName.Of(job.RequeuedAs));
        WriteRaw(writer, "progress"u8, job.Progress.Span);
        WriteRaw(writer, "result"u8, job.Result.Span);
        WriteContent(writer, job.IsOctets, job.Body.Span, job.Headers.Span);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, LeasedJob job)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, JobName.Of(job.Id));
        writer.WriteString("lease"u8, job.Lease);
        writer.WriteTime("lease_until"u8, job.UntilMs);
        writer.WriteNumber("attempt"u8, job.Attempt);
        writer.WriteNumber("max_attempts"u8, job.MaxAttempts);
        WritePlace(writer, job.Lane, job.Flow);
        writer.WriteTime("enqueued_at"u8, job.EnqueuedMs);
        writer.WriteTime("expires_at"u8, job.ExpiresMs);
        WriteContent(writer, job.IsOctets, job.Body.Span, job.Headers.Span);
        writer.WriteEndObject();
    }

    public static Problem Of(JobProblem problem) => Problem.Of(problem.Code, problem.Detail, problem.Field) with { RetryAfter = problem.RetryAfter };

    private static void WritePlace(Utf8JsonWriter writer, Lane lane, string flow)
    {
        writer.WriteString("priority"u8, lane switch { Lane.Urgent => "urgent"u8, Lane.Bulk => "bulk"u8, _ => "normal"u8 });
        writer.WriteString("flow"u8, flow.Length == 0 ? null : flow);
    }

    private static void WriteContent(Utf8JsonWriter writer, bool isOctets, ReadOnlySpan<byte> body, ReadOnlySpan<byte> headers)
    {
        if (isOctets)
        {
            writer.WriteBase64String("body_base64"u8, body);
        }
        else
        {
            WriteRaw(writer, "body"u8, body);
        }

        WriteRaw(writer, "headers"u8, headers.IsEmpty ? "{}"u8 : headers);
    }

    /// <summary>As it came, checked then.</summary>
    private static void WriteRaw(Utf8JsonWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json.IsEmpty ? "null"u8 : json, skipInputValidation: true);
    }

    private static void WriteReason(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JobReason? reason)
    {
        if (reason is null)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteString("code"u8, reason.Code);
        writer.WriteString("detail"u8, reason.Detail);
        writer.WriteEndObject();
    }
}

using System.Globalization;
using Strowger.Server.Http.Json;

namespace Strowger.Server.Http.Problems;

/// <summary>Writes problem documents.</summary>
public static class ProblemAnswer
{
    public const string ContentType = "application/problem+json";

    public static Task WriteAsync(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted)
        {
            // Too late for an answer: the client must not take what it has for the whole.
            context.Abort();
            return Task.CompletedTask;
        }

        var headers = context.Response.Headers;
        if (problem.RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Error.Status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        return JsonAnswer.WriteAsync(context, problem.Error.Status, (problem, context.TraceIdentifier), ContentType, static (writer, state) =>
        {
            var (problem, request) = state;
            writer.WriteStartObject();
            writer.WriteString("type"u8, problem.Error.Type);
            writer.WriteString("title"u8, problem.Error.Title);
            writer.WriteNumber("status"u8, problem.Error.Status);
            writer.WriteString("detail"u8, problem.Detail);
            writer.WriteString("code"u8, problem.Error.Code);
            if (problem.Field is not null)
            {
                writer.WriteString("field"u8, problem.Field);
            }

            problem.Extend?.Invoke(writer);
            writer.WriteString("request_id"u8, request);
            writer.WriteEndObject();
        });
    }

    public static Task WriteAsync(HttpContext context, string code, string detail, string? field = null) =>
        WriteAsync(context, Problem.Of(code, detail, field));
}

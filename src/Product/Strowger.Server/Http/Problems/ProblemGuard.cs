using Strowger.Engine.Journaling;
using Strowger.Records;

namespace Strowger.Server.Http.Problems;

/// <summary>Turns what went wrong beneath into a problem document. Nothing of the inside leaves the box.</summary>
internal sealed class ProblemGuard(ILogger logger)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
            if (!context.Response.HasStarted && context.Response is { ContentLength: null, ContentType: null } && OfStatus(context) is { } problem)
            {
                await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            await HandleAsync(context, error).ConfigureAwait(false);
        }
    }

    public Task HandleAsync(HttpContext context, Exception error)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }

        var problem = error switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Problem.Of("body_too_large", TooLarge),
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => Problem.Of("request_timeout", "The body came slower than 240 octets a second. Send it again."),
            BadHttpRequestException bad => Problem.Of("bad_request", bad.Message),
            JournalException => Problem.Of("storage_full", "The journal takes nothing now: what was accepted is safe.") with { RetryAfter = TimeSpan.FromSeconds(30) },
            RecordsException => Problem.Of("storage_failed", "A database of this server cannot be used now. Its log says why.") with { RetryAfter = TimeSpan.FromSeconds(30) },
            _ => Problem.Of("internal", "The server's log has the reason under this request_id."),
        };
        if (problem.Error.Status is 500 or 503)
        {
            HttpLog.Failed(logger, error, context.Request.Method, context.Request.Path, context.TraceIdentifier);
        }

        return ProblemAnswer.WriteAsync(context, problem);
    }

    internal static readonly string TooLarge = $"The body is longer than {HttpLimits.MaxBody} octets. Many messages go to /v1/messages/batch, which has no limit.";

    /// <summary>What routing answers without a word.</summary>
    private static Problem? OfStatus(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problem.Of("not_found", $"Nothing is at {context.Request.Path}. See /openapi/v1.json."),
        StatusCodes.Status405MethodNotAllowed => Problem.Of("method_not_allowed", $"{context.Request.Method} does not go with {context.Request.Path}; allowed is {context.Response.Headers.Allow}."),
        StatusCodes.Status415UnsupportedMediaType => Problem.Of("unsupported_media_type", "Send JSON with Content-Type: application/json."),
        StatusCodes.Status413PayloadTooLarge => Problem.Of("body_too_large", TooLarge),
        _ => null,
    };
}

using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Strowger.Server.ConsolePage;

/// <summary>
/// Server-Sent Events at <c>/console/live</c>, one stream a tab (WHATWG HTML 9.2). With <c>?topic=now</c> <c>past</c> once, then <c>live</c>
/// with each view; else <c>values</c> with what the page's topic says. Ends with the server's stop, the session, or the tab.
/// </summary>
internal sealed class LiveStream(LiveFeed feed, ConsoleServices services)
{
    private int _open;

    public int Open => Volatile.Read(ref _open);

    public async Task ServeAsync(HttpContext context, Func<bool> isSignedIn)
    {
        if (Interlocked.Increment(ref _open) > ConsoleLimits.MaxStreams)
        {
            Interlocked.Decrement(ref _open);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "10";
            return;
        }

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
        try
        {
            await WriteAsync(context, isSignedIn, end.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The tab is closed or the server stops.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task WriteAsync(HttpContext context, Func<bool> isSignedIn, CancellationToken end)
    {
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        // nginx would collect the events otherwise.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var name = context.Request.Query["topic"].ToString();
        var isFlow = name == NowTopic;
        var topic = ConsolePages.Topics.FirstOrDefault(t => t.Name == name);
        var language = Language.Of(context);
        await SendAsync(response, "retry: 700\n"u8.ToArray(), isFlow ? [.. "event: past\ndata: "u8, .. JsonSerializer.SerializeToUtf8Bytes(feed.Past, LiveJson.Default.LivePast)] : ": hello"u8.ToArray(), end);

        var frame = feed.Newest;
        var checkedAt = services.Time.GetTimestamp();
        while (true)
        {
            if (frame.View is not null)
            {
                await SendAsync(response, isFlow ? _live : _values, isFlow ? frame.Json(language) : frame.Values(topic, language), end);
            }

            // Newest at the time of asking: a slow reader skips what it missed.
            var next = feed.Newest != frame ? Task.FromResult(feed.Newest) : frame.Next;
            while (await Task.WhenAny(next, Task.Delay(ConsoleLimits.Heartbeat, services.Time, end)) != next)
            {
                end.ThrowIfCancellationRequested();
                await SendAsync(response, ": still here"u8.ToArray(), [], end);
            }

            frame = await next;
            if (services.Time.GetElapsedTime(checkedAt) > ConsoleLimits.SessionCheck)
            {
                checkedAt = services.Time.GetTimestamp();
                if (!isSignedIn())
                {
                    return;
                }
            }
        }
    }

    /// <summary>The topic of the page that draws the flow.</summary>
    private const string NowTopic = "now";

    private static readonly byte[] _values = "event: values\ndata: "u8.ToArray();
    private static readonly byte[] _live = "event: live\ndata: "u8.ToArray();
    private static readonly byte[] _end = "\n\n"u8.ToArray();

    private static async Task SendAsync(HttpResponse response, byte[] head, byte[] json, CancellationToken end)
    {
        await response.Body.WriteAsync(head, end);
        await response.Body.WriteAsync(json, end);
        await response.Body.WriteAsync(_end, end);
        await response.Body.FlushAsync(end);
    }
}

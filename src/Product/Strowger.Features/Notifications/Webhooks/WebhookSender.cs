using System.Globalization;
using System.Net.Http.Headers;
using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>One post: where to, signed with what, and what its answer means.</summary>
internal sealed class WebhookSender(WebhookSet webhooks, WebhookSigner signer, Func<string, string?> inboundUrl, OutboundHttp http, WebhookOptions options, TimeProvider time)
{
    private static readonly MediaTypeHeaderValue _json = new("application/json", "utf-8");

    /// <summary>Where a target leads now; null when it leads nowhere any more.</summary>
    public Uri? UrlOf(WebhookTarget target) => target.Kind switch
    {
        TargetKind.Webhook => webhooks.FindEndpoint(target.Name) is { Record.Enabled: true } endpoint ? endpoint.Url : null,
        TargetKind.Channel => Parse(inboundUrl(target.Name) ?? target.Url),
        _ => Parse(target.Url),
    };

    public async Task<Outcome> PostAsync(WebhookTarget target, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        if (UrlOf(target) is not { } url)
        {
            return Outcome.Permanent(PostCodes.NoAddress);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(options.Timeout);
        using var request = target.Kind == TargetKind.Report ? new HttpRequestMessage(HttpMethod.Get, url) : Post(target, url, body);
        request.Headers.TryAddWithoutValidation("User-Agent", OutboundHttp.Agent);
        try
        {
            using var response = await http.Client.SendAsync(request, limit.Token).ConfigureAwait(false);
            return OutcomeOf(response, target);
        }
        catch (HttpRequestException e) when (e.InnerException is PrivateAddressException)
        {
            return Outcome.Permanent(PostCodes.PrivateAddress);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Retry(PostCodes.NoConnection, target);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Retry(PostCodes.NoAnswer, target);
        }
        catch (OperationCanceledException)
        {
            // We stop: it keeps its place and goes out after the start, perhaps a second time.
            return Outcome.Unreachable(PostCodes.NoAnswer);
        }
    }

    private HttpRequestMessage Post(WebhookTarget target, Uri url, ReadOnlyMemory<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = _json;
        Sign(request.Headers, target, body.Span);
        return request;
    }

    private static Uri? Parse(string? text) => WebhookSet.TryUrl(text, out var url) ? url : null;

    private void Sign(HttpRequestHeaders headers, WebhookTarget target, ReadOnlySpan<byte> body)
    {
        var now = time.GetUtcNow();
        headers.TryAddWithoutValidation("webhook-id", target.EventId);
        headers.TryAddWithoutValidation("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        headers.TryAddWithoutValidation("webhook-signature", signer.Sign(target, now, body));
    }

    /// <summary>All but "taken" and "gone for good" may pass: receivers answer 404 while they are deployed.</summary>
    private Outcome OutcomeOf(HttpResponseMessage response, WebhookTarget target)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            >= 200 and < 300 => Outcome.Done(),
            410 => Outcome.Permanent(PostCodes.Of(status)),
            _ => Retry(PostCodes.Of(status), target, WaitOf(response)),
        };
    }

    private Outcome Retry(int code, WebhookTarget target, TimeSpan? after = null)
    {
        var age = time.GetUtcNow().ToUnixTimeMilliseconds() - target.CreatedMs;
        return age > options.Life.TotalMilliseconds ? Outcome.Permanent(code) : Outcome.Retry(code, after);
    }

    /// <summary>Retry-After within its bounds; null: the stage's own backoff.</summary>
    private TimeSpan? WaitOf(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null;
        return asked is not { } wait ? null
            : wait < options.FirstRetry ? options.FirstRetry
            : wait > WebhookLimits.MaxRetryAfter ? WebhookLimits.MaxRetryAfter
            : wait;
    }
}

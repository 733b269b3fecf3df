using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>
/// Posts texts received to their channel's InboundUrl, with the headers of Standard Webhooks. Follows no redirects, reads no
/// body, and connects only to addresses it has checked.
/// </summary>
public sealed class InboundPoster : IDisposable
{
    private readonly ChannelSet _channels;
    private readonly TimeProvider _time;
    private readonly InboundOptions _options;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _client;

    /// <param name="channels">Whose addresses count.</param>
    /// <param name="options">How it posts.</param>
    /// <param name="time">For the timestamp.</param>
    public InboundPoster(ChannelSet channels, InboundOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _channels = channels;
        _time = time;
        _options = options;
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,

            // A proxy would connect where we have not looked.
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = InboundLimits.PostTimeout,
            MaxConnectionsPerServer = InboundLimits.PostsPerHost,

            // So that a change in DNS is seen.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxResponseHeadersLength = InboundLimits.MaxAnswerHeaderKilobytes,
            MaxResponseDrainSize = 64 * 1024,
        };
        _client = new HttpClient(_handler, disposeHandler: false) { Timeout = InboundLimits.PostTimeout };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Strowger", null));
    }

    /// <summary>The stage's handler.</summary>
    public async ValueTask<Outcome> PostAsync(Job job, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (InboundTarget.Parse(job.Headers.Span) is not { } target || !Uri.TryCreate(UrlOf(target), UriKind.Absolute, out var url))
        {
            return Outcome.Permanent(PostCodes.NoAddress);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(job.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("webhook-id", target.Id);
        request.Headers.Add("webhook-timestamp", _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
            return OutcomeOf(response);
        }
        catch (HttpRequestException e) when (e.InnerException is PrivateAddressException)
        {
            return Outcome.Permanent(PostCodes.PrivateAddress);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Outcome.Retry(PostCodes.NoConnection);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Outcome.Retry(PostCodes.NoAnswer);
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }

    private string UrlOf(InboundTarget target) => _channels.Find(target.Channel)?.Settings.InboundUrl ?? target.Url;

    private Outcome OutcomeOf(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            >= 200 and < 300 => Outcome.Done(),

            // Told to come later (RFC 9110, 15.5.9; RFC 8470; RFC 6585), or redirected, which may pass.
            408 or 425 or 429 or < 400 or >= 500 => Outcome.Retry(PostCodes.Of(status), WaitOf(response)),
            _ => Outcome.Permanent(PostCodes.Of(status)),
        };
    }

    /// <summary>Retry-After within its bounds; null: the stage's own backoff.</summary>
    private TimeSpan? WaitOf(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _time.GetUtcNow() : null;
        return asked is not { } wait ? null
            : wait < _options.FirstRetry ? _options.FirstRetry
            : wait > InboundLimits.MaxRetryAfter ? InboundLimits.MaxRetryAfter
            : wait;
    }

    /// <summary>Resolves, checks every address and connects to one that passed: a name that resolves otherwise a moment later leads nowhere else.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var target = context.DnsEndPoint;
        var all = await Dns.GetHostAddressesAsync(target.Host, cancel).ConfigureAwait(false);
        var allowed = _options.AllowPrivate ? all : [.. all.Where(PublicAddress.Is)];
        if (allowed.Length == 0 && all.Length > 0)
        {
            throw new PrivateAddressException($"{target.Host} is a loopback or private address; set Webhooks:AllowPrivate to post there.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancel).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class PrivateAddressException(string message) : IOException(message);
}

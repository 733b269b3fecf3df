using System.Net;
using System.Net.Sockets;
using Strowger.Features.Messaging.Inbound;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>
/// The way out to addresses that users gave us. Follows no redirect, uses no proxy and no cookie, keeps no body, and connects only to
/// addresses it has looked at itself: nobody reaches our own network through us, whatever a name resolves to a moment later.
/// </summary>
public sealed class OutboundHttp : IDisposable
{
    private readonly WebhookOptions _options;
    private readonly SocketsHttpHandler _handler;

    public OutboundHttp(WebhookOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,

            // A proxy would connect where we have not looked.
            UseProxy = false,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = options.Timeout,
            MaxConnectionsPerServer = options.PerHost,

            // So that a change in DNS is seen.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxResponseHeadersLength = WebhookLimits.MaxAnswerHeaderKilobytes,
            MaxResponseDrainSize = WebhookLimits.MaxAnswerDrain,
            ResponseDrainTimeout = TimeSpan.FromSeconds(2),

            // Each would cost a header and an Activity; receivers are not part of our traces.
            ActivityHeadersPropagator = null,
        };
        Client = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    /// <summary>Has no time limit of its own: give each request one.</summary>
    public HttpMessageInvoker Client { get; }

    internal const string Agent = "Strowger";

    public void Dispose()
    {
        Client.Dispose();
        _handler.Dispose();
    }

    private bool IsAllowed(IPAddress address) => _options.AllowPrivate || PublicAddress.Is(address)
        || _options.Allow.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    /// <summary>Resolves, checks every address and connects to one that passed.</summary>
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var target = context.DnsEndPoint;
        var all = await Dns.GetHostAddressesAsync(target.Host, cancel).ConfigureAwait(false);
        IPAddress[] allowed = [.. all.Where(IsAllowed)];
        if (allowed.Length == 0 && all.Length > 0)
        {
            throw new PrivateAddressException($"{target.Host} is a loopback or private address; Webhooks:Allow or Webhooks:AllowPrivate lets it in.");
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
}

/// <summary>An address leads inside and inside is not allowed.</summary>
internal sealed class PrivateAddressException(string message) : IOException(message);

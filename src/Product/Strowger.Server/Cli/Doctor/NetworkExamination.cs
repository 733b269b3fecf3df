using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Doctor;

/// <summary>Our ports and the carriers'.</summary>
internal static class NetworkExamination
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Where we are asked.</summary>
    /// <param name="name">Of the door, as its section is called: Http, Smpp.</param>
    /// <param name="listen">As configured.</param>
    /// <param name="isRunning">Whether our server answers on this data directory.</param>
    public static Finding Port(string name, IPEndPoint listen, bool isRunning)
    {
        var what = name.ToUpperInvariant() + " port";
        try
        {
            // As the server does it: a connection of before that still ends does not hold the port.
            using var socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(listen);
            socket.Listen();
            return new Finding(what, Verdict.Good, $"{listen} is free");
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return isRunning
                ? new Finding(what, Verdict.Good, $"{listen} is in use, by the server that runs here as it seems")
                : new Finding(what, Verdict.Wrong, $"{listen} is in use by another program", $"see which: ss -ltnp 'sport = :{listen.Port}'; stop it, or set {name}:Listen");
        }
        catch (SocketException error)
        {
            var advice = error.SocketErrorCode == SocketError.AccessDenied
                ? "ports under 1024 need root or AmbientCapabilities=CAP_NET_BIND_SERVICE in the systemd unit"
                : $"set {name}:Listen to an address of this machine: ip addr";
            return new Finding(what, Verdict.Wrong, $"{listen}: {error.Message}", advice);
        }
    }

    public static async Task<Finding> CarrierAsync(ChannelConfiguration channel, CancellationToken ct)
    {
        var what = $"carrier {channel.Name}";
        var where = $"{channel.Host}:{channel.Port}";
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(ConnectTimeout);
        try
        {
            var start = Stopwatch.GetTimestamp();
            using var client = new TcpClient();
            await client.ConnectAsync(channel.Host, channel.Port, timeout.Token);
            var ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return new Finding(what, Verdict.Good, string.Create(CultureInfo.InvariantCulture, $"{where} answers after {ms:0.0} ms"));
        }
        catch (SocketException error)
        {
            return new Finding(what, Verdict.Wrong, $"{where}: {error.Message}", Advice(error.SocketErrorCode));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Finding(what, Verdict.Wrong, $"{where} does not answer within {ConnectTimeout.TotalSeconds} s", "a firewall drops it: ask the carrier whether it let your address in, and which port");
        }
    }

    private static string Advice(SocketError error) => error switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the name is not known: check Host, and the resolver in /etc/resolv.conf",
        SocketError.ConnectionRefused => "nobody listens there: check Port, and whether the carrier's side is up",
        _ => "check the route to it: ip route get, ping",
    };
}

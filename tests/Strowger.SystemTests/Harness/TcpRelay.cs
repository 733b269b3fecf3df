using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Strowger.SystemTests.Harness;

/// <summary>Passes connections on to a carrier, and can go deaf without hanging up: as a firewall does that has forgotten a connection.</summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _to;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly Task _run;
    private int _generation;

    public TcpRelay(IPEndPoint to)
    {
        _to = to;
        _listener.Start();
        _run = Task.Run(RunAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Octets that were swallowed since.</summary>
    public long Swallowed;

    /// <summary>From now on nothing passes on the connections there are; they stay open. New ones work.</summary>
    public void Stall() => Interlocked.Increment(ref _generation);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        foreach (var socket in _sockets.Keys)
        {
            socket.Dispose();
        }

        await _run;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        List<Task> pumps = [];
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_stop.Token);
                var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                near.NoDelay = true;
                _sockets[near] = true;
                _sockets[far] = true;
                await far.ConnectAsync(_to, _stop.Token);
                var generation = Volatile.Read(ref _generation);
                pumps.Add(PumpAsync(near, far, generation));
                pumps.Add(PumpAsync(far, near, generation));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Told to stop, or the carrier is gone.
        }

        await Task.WhenAll(pumps);
    }

    private async Task PumpAsync(Socket from, Socket to, int generation)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, SocketFlags.None, _stop.Token) is > 0 and var octets)
            {
                if (generation == Volatile.Read(ref _generation))
                {
                    await to.SendAsync(buffer.AsMemory(0, octets), SocketFlags.None, _stop.Token);
                }
                else
                {
                    Interlocked.Add(ref Swallowed, octets);
                }
            }

            if (generation == Volatile.Read(ref _generation))
            {
                to.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone; the other learns it by its own means.
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Strowger.Load.Reports;

namespace Strowger.Load.Http;

/// <summary>What a load is made of.</summary>
internal sealed record HttpLoadOptions
{
    public required IPEndPoint Server { get; init; }

    public required RequestTemplate Template { get; init; }

    /// <summary>Kept alive; one request at a time on each.</summary>
    public required int Connections { get; init; }

    /// <summary>Number of the first request.</summary>
    public long First { get; init; }

    /// <summary>Requests in all; <see cref="Duration"/> may end it sooner.</summary>
    public long Count { get; init; } = long.MaxValue;

    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Requests a second; null sends the next one as soon as the one before was answered.</summary>
    public double? Rate { get; init; }

    /// <summary>The status that counts as done.</summary>
    public int Expected { get; init; } = 202;

    /// <summary>Told just before a request leaves: its number, and the timestamp from which it is timed. On the load's thread.</summary>
    public Action<long, long>? OnSend { get; init; }
}

/// <param name="Answered">With the expected status.</param>
/// <param name="Refused">With another.</param>
/// <param name="FirstRefusal">What the first refusal said.</param>
/// <param name="Latency">From when a request was due until it was answered.</param>
internal sealed record HttpLoadResult(long Answered, long Refused, string? FirstRefusal, TimeSpan Elapsed, LatencyHistogram Latency);

/// <summary>Many connections, one thread. A connection that is closed on us ends the load.</summary>
internal sealed class HttpLoad : IDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly HttpLoadOptions _options;
    private readonly Connection[] _connections;
    /// <summary>The one idle for longest is next, so that a server's keep-alive limit meets none.</summary>
    private readonly Queue<Connection> _idle = new();
    private readonly int _set = Native.CreateSet();
    private readonly byte[] _request;
    private readonly LatencyHistogram _times = new();
    private long _sent;
    private long _answered;
    private long _refused;
    private string? _firstRefusal;
    private long _start;
    private bool _isHeldUp;

    public HttpLoad(HttpLoadOptions options)
    {
        _options = options;
        _request = new byte[options.Template.Length];
        _connections = new Connection[options.Connections];
        for (var i = 0; i < _connections.Length; i++)
        {
            var socket = new Socket(options.Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _connections[i] = new Connection(socket);
            socket.Connect(options.Server);
            Native.Add(_set, (int)socket.Handle, i);
        }
    }

    /// <summary>Runs to its end on a thread of its own.</summary>
    public Task<HttpLoadResult> RunAsync(CancellationToken ct) =>
        Task.Factory.StartNew(() => Run(ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose()
    {
        foreach (var connection in _connections)
        {
            connection?.Socket.Dispose();
        }

        _ = Native.close(_set);
    }

    private HttpLoadResult Run(CancellationToken ct)
    {
        _start = Stopwatch.GetTimestamp();
        foreach (var connection in _connections)
        {
            _idle.Enqueue(connection);
        }

        var events = new byte[256 * Native.EventBytes];
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            SendDue();
            if (_answered + _refused == _sent && !MoreToSend())
            {
                break;
            }

            // A paced load looks every millisecond what is due.
            var count = Native.Wait(_set, events, _options.Rate is null ? 100 : 1);
            for (var i = 0; i < count; i++)
            {
                Receive(_connections[Native.NumberOf(events, i)]);
            }
        }

        return new HttpLoadResult(_answered, _refused, _firstRefusal, Stopwatch.GetElapsedTime(_start), _times);
    }

    private bool MoreToSend() => _sent < _options.Count && Stopwatch.GetElapsedTime(_start) < _options.Duration;

    private void SendDue()
    {
        if (_options.Rate is { } rate)
        {
            while (MoreToSend())
            {
                var due = _start + (long)(_sent / rate * Stopwatch.Frequency);
                var now = Stopwatch.GetTimestamp();
                if (due > now)
                {
                    _isHeldUp = false;
                    return;
                }

                if (_idle.Count == 0)
                {
                    _isHeldUp = true;
                    return;
                }

                // What waited for a connection is timed from when it was due: a server that stalls cannot hide behind the connections it keeps busy.
                Send(_idle.Dequeue(), _isHeldUp ? due : now);
            }

            return;
        }

        while (_idle.Count > 0 && MoreToSend())
        {
            Send(_idle.Dequeue(), Stopwatch.GetTimestamp());
        }
    }

    private void Send(Connection connection, long due)
    {
        var number = _options.First + _sent++;
        _options.OnSend?.Invoke(number, due);
        connection.Due = due;
        Native.Send((int)connection.Socket.Handle, _request.AsSpan(0, _options.Template.Write(number, _request)));
    }

    private void Receive(Connection connection)
    {
        var count = Native.Receive((int)connection.Socket.Handle, connection.Buffer.AsSpan(connection.Count));
        if (count == 0)
        {
            throw new IOException("The server closed a connection of the load.");
        }

        connection.Count += Math.Max(0, count);
        var length = ResponseReader.Length(connection.Buffer.AsSpan(0, connection.Count), out var status, out var body);
        if (length < 0 || (length == 0 && connection.Count == connection.Buffer.Length))
        {
            throw new IOException("The server answered with what this load does not read: " + System.Text.Encoding.ASCII.GetString(connection.Buffer.AsSpan(0, Math.Min(connection.Count, 200))));
        }

        if (length == 0)
        {
            return;
        }

        if (status == _options.Expected)
        {
            _answered++;
            _times.Add(Stopwatch.GetElapsedTime(connection.Due).TotalMilliseconds);
        }
        else
        {
            _refused++;
            _firstRefusal ??= $"{status}: {System.Text.Encoding.UTF8.GetString(body)}";
        }

        connection.Count = 0;
        _idle.Enqueue(connection);
    }

    private sealed class Connection(Socket socket)
    {
        public Socket Socket { get; } = socket;

        public byte[] Buffer { get; } = new byte[BufferBytes];

        public int Count { get; set; }

        public long Due { get; set; }
    }
}

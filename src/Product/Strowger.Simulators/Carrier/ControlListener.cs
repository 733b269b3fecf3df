using System.Net;
using System.Net.Sockets;

namespace Strowger.Simulators;

/// <summary>Takes control lines by TCP, several at once.</summary>
internal sealed class ControlListener : IDisposable
{
    private const int MaxConnections = 32;

    private readonly CarrierControl _control;
    private readonly TcpListener _listener;
    private readonly SemaphoreSlim _free = new(MaxConnections);

    public ControlListener(IPEndPoint listen, CarrierControl control)
    {
        _control = control;
        _listener = new TcpListener(listen);
        _listener.Start();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        List<Task> serving = [];
        try
        {
            while (true)
            {
                await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
                var client = await _listener.AcceptTcpClientAsync(cancellationToken).ConfigureAwait(false);
                serving.RemoveAll(task => task.IsCompleted);
                serving.Add(ServeAsync(client, cancellationToken));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _free.Dispose();
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using (client)
            using (var reader = new StreamReader(client.GetStream()))
            using (var writer = new StreamWriter(client.GetStream()))
            {
                await CarrierControl.ServeAsync(reader, writer, _control, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // The asker went away with a reply unread.
        }
        finally
        {
            _free.Release();
        }
    }
}

using System.Globalization;
using System.Net.Sockets;

namespace Strowger.Server.Composition.Systemd;

/// <summary>
/// Tells systemd how the service is doing, by datagrams to the socket that it names in the environment (sd_notify(3)). Does
/// nothing where no service manager asked.
/// </summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly Socket? _socket;

    private ServiceManager(Socket? socket, TimeSpan? watchdog)
    {
        _socket = socket;
        Watchdog = watchdog;
    }

    /// <summary>The service is ended when it has not said so long that it is alive; null when nobody watches.</summary>
    public TimeSpan? Watchdog { get; }

    /// <param name="environment">NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID count.</param>
    /// <param name="processId">Ours: a watchdog may be meant for another process.</param>
    public static ServiceManager FromEnvironment(Func<string, string?> environment, int processId)
    {
        if (environment("NOTIFY_SOCKET") is not { Length: > 1 } path || path[0] is not ('/' or '@'))
        {
            return new ServiceManager(null, null);
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            // A name that begins with @ lies in the abstract name space, which begins with a zero octet.
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (SocketException)
        {
            socket.Dispose();
            return new ServiceManager(null, null);
        }

        return new ServiceManager(socket, WatchdogOf(environment, processId));
    }

    public void Ready() => Send("READY=1\nSTATUS=Intake is open.");

    public void Stopping() => Send("STOPPING=1\nSTATUS=Answers on the way are waited for.");

    public void IsAlive() => Send("WATCHDOG=1");

    public void Dispose() => _socket?.Dispose();

    private static TimeSpan? WatchdogOf(Func<string, string?> environment, int processId)
    {
        var isOurs = environment("WATCHDOG_PID") is not { Length: > 0 } pid || pid == processId.ToString(CultureInfo.InvariantCulture);
        return isOurs && long.TryParse(environment("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds is > 0 and < long.MaxValue / 10
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    private void Send(string state)
    {
        try
        {
            _socket?.Send(System.Text.Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // The service manager is away or busy: the next message says the same.
        }
    }
}

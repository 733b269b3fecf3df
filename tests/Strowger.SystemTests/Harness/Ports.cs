using System.Net;
using System.Net.Sockets;

namespace Strowger.SystemTests.Harness;

internal static class Ports
{
    /// <summary>A port that nobody holds now, for programs that cannot take one themselves.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

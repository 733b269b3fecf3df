using System.Net.Sockets;

namespace Strowger.Smpp;

/// <summary>Ends of a TCP connection.</summary>
internal static class SocketClosing
{
    /// <summary>Orderly: the peer sees the end of our octets. Otherwise it may see a reset, for that is what disposing of a socket is on which another thread waits.</summary>
    public static void Close(Socket socket, bool orderly)
    {
        try
        {
            if (orderly)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // The peer was faster.
        }

        socket.Dispose();
    }
}

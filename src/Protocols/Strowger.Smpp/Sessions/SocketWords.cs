using System.Net.Sockets;

namespace Strowger.Smpp;

/// <summary>Socket errors as an operator says them.</summary>
internal static class SocketWords
{
    public static string Of(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused (nothing listens there)",
        SocketError.ConnectionReset => "the peer cut the connection",
        SocketError.ConnectionAborted or SocketError.OperationAborted or SocketError.Shutdown => "the connection was closed",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the host name is not known",
        SocketError.HostUnreachable or SocketError.HostDown => "the host cannot be reached",
        SocketError.NetworkUnreachable or SocketError.NetworkDown => "the network cannot be reached",
        SocketError.TimedOut => "no answer",
        SocketError.AddressAlreadyInUse => "the port is in use",
        SocketError.AccessDenied => "not permitted",
        _ => $"socket error {error}",
    };
}

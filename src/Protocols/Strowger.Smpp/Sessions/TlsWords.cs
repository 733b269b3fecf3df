using System.Net.Sockets;
using System.Security.Authentication;

namespace Strowger.Smpp;

/// <summary>Failures of TLS as an operator says them.</summary>
internal static class TlsWords
{
    public static bool IsTlsFailure(Exception e) => e is AuthenticationException or IOException or InvalidOperationException;

    /// <summary>What lies at the bottom of it: a socket's error, or the reason of the library.</summary>
    public static string Of(Exception e)
    {
        var innermost = e;
        while (innermost.InnerException is { } inner)
        {
            innermost = inner;
        }

        if (innermost is SocketException socket)
        {
            return SocketWords.Of(socket.SocketErrorCode);
        }

        // OpenSSL: "error:0A000418:SSL routines::tlsv1 alert unknown ca".
        string message = innermost.Message;
        int reason = message.LastIndexOf("::", StringComparison.Ordinal);
        return message.StartsWith("error:", StringComparison.Ordinal) && reason > 0 ? message[(reason + 2)..] : message.TrimEnd('.');
    }
}

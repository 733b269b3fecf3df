using System.Net.Security;
using System.Net.Sockets;

namespace Strowger.Smpp;

/// <summary>The server's end of TLS. An ESME that speaks plain SMPP is told so in SMPP.</summary>
internal sealed class ServerTls(Socket socket, SmppServerTls options) : TlsEnd(socket)
{
    private const int MaxBind = 512;

    protected override async Task ShakeHandsAsync(SslStream stream, CancellationToken closing)
    {
        var first = new byte[1];
        int octets = await Socket.ReceiveAsync(first, SocketFlags.Peek, closing).ConfigureAwait(false);
        if (octets == 0)
        {
            throw new TlsException(SmppServerTls.LeftEarly);
        }

        if (!TlsRecord.IsHandshake(first))
        {
            await RefuseAsync(closing).ConfigureAwait(false);
            throw new TlsException("the ESME speaks no TLS, and this port nothing else");
        }

        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificateContext = options.Context, EnabledSslProtocols = Versions, AllowRenegotiation = false },
            closing).ConfigureAwait(false);
    }

    protected override string WordsOf(Exception e) => $"TLS failed: {TlsWords.Of(e)}";

    /// <summary>What came is read first: closing over unread octets would reset the connection and take our answer with it.</summary>
    private async Task RefuseAsync(CancellationToken closing)
    {
        await Socket.ReceiveAsync(new byte[MaxBind], SocketFlags.None, closing).ConfigureAwait(false);
        var answer = new byte[SmppLimits.HeaderBytes];
        PduHeader.WriteBare(answer, CommandId.GenericNack, CommandStatus.BindFailed, 0);
        await Socket.SendAsync(answer, SocketFlags.None, closing).ConfigureAwait(false);
        Socket.Shutdown(SocketShutdown.Send);
    }
}

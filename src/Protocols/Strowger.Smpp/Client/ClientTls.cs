using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strowger.Smpp;

/// <summary>The client's end of TLS: insists on the carrier's name and on a certificate that somebody trusted has signed.</summary>
internal sealed class ClientTls(Socket socket, SmppClientTls options, string host, TimeProvider clock) : TlsEnd(socket)
{
    private string? _problem;

    private string Name => options.ServerName ?? host;

    protected override Task ShakeHandsAsync(SslStream stream, CancellationToken closing)
    {
        var trusted = new X509Certificate2Collection();
        try
        {
            if (options.TrustedCertificate is { } path)
            {
                trusted.ImportFromPemFile(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new TlsException($"the trusted certificate cannot be read: {e.Message.TrimEnd('.')}");
        }

        return stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Name,
                EnabledSslProtocols = Versions,
                AllowRenegotiation = false,
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                {
                    _problem = PeerCertificate.ProblemOf(certificate as X509Certificate2, chain, errors, trusted, Name, clock.GetUtcNow());
                    return _problem is null;
                },
            },
            closing);
    }

    protected override string WordsOf(Exception e)
    {
        if (_problem is not null)
        {
            return $"TLS: {_problem}";
        }

        string words = TlsWords.Of(e);
        return words.Contains("frame", StringComparison.Ordinal) ? "TLS: what answers there speaks no TLS (a plain port?)"
            : words.Contains("EOF", StringComparison.Ordinal) ? "TLS: what answers there hung up at our hello (a plain port?)"
            : $"TLS failed: {words}";
    }
}

using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strowger.Smpp;

/// <summary>TLS 1.2 or 1.3 for every ESME of a server, from the first octet. Can be kept and used by several servers.</summary>
public sealed class SmppServerTls
{
    /// <summary>Why a session ended whose peer said nothing at all: somebody who only looks whether the port is open.</summary>
    public const string LeftEarly = "the ESME closed the connection before TLS was agreed on";

    /// <param name="certificate">With its private key.</param>
    /// <param name="intermediates">Sent with it, so that ESMEs find the way to a signer they trust; null when there are none.</param>
    /// <exception cref="ArgumentException">It has no private key.</exception>
    public SmppServerTls(X509Certificate2 certificate, X509Certificate2Collection? intermediates = null)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        if (!certificate.HasPrivateKey)
        {
            throw new ArgumentException("The certificate has no private key.", nameof(certificate));
        }

        Context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
    }

    internal SslStreamCertificateContext Context { get; }

    /// <summary>Reads PEM files. All certificates of the first are sent, its first one is ours.</summary>
    /// <param name="certificate">With the chain, ours first.</param>
    /// <param name="key">Null: in the same file.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="CryptographicException">It is no certificate, or the key is another one's.</exception>
    public static SmppServerTls Load(string certificate, string? key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificate);
        if (chain.Count > 0)
        {
            chain.RemoveAt(0);
        }

        return new SmppServerTls(X509Certificate2.CreateFromPemFile(certificate, key), chain);
    }
}

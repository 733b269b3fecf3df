using System.Security.Cryptography.X509Certificates;

namespace Strowger.Server.Composition;

internal static class Certificates
{
    /// <summary>A PEM pair or a PKCS #12 file without a password.</summary>
    public static X509Certificate2 Load(string certificate, string? key)
    {
        if (!certificate.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) && !certificate.EndsWith(".p12", StringComparison.OrdinalIgnoreCase))
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }

        return X509CertificateLoader.LoadPkcs12FromFile(certificate, null);
    }
}

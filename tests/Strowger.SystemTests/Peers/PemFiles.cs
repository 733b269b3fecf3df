using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>A certificate for 127.0.0.1 and localhost, signed by itself, in files.</summary>
internal sealed record PemFiles(string Certificate, string Key)
{
    public static PemFiles Make(TempDirectory directory, string name = "server", string host = "localhost", int fromDays = -1, int toDays = 1)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + host, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (host == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(toDays));
        return new PemFiles(
            directory.Write($"{name}-cert.pem", certificate.ExportCertificatePem()), directory.Write($"{name}-key.pem", key.ExportPkcs8PrivateKeyPem()));
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Strowger.Smpp.Tests.Tls;

/// <summary>Certificates of one's own making, and their files.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("strowger-tls-").FullName;

    /// <summary>Signed by itself, for 127.0.0.1 and localhost.</summary>
    public static X509Certificate2 SelfSigned(int fromDays = -1, int toDays = 1, string name = "localhost", bool withAddress = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(key, name, withAddress).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(toDays));
    }

    /// <summary>A root and a certificate for 127.0.0.1 that it signed.</summary>
    public static (X509Certificate2 Root, X509Certificate2 Signed) Signed()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test Root", rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = Request(key, "localhost", withAddress: true).Create(root, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3, 4]);
        return (root, bare.CopyWithPrivateKey(key));
    }

    /// <summary>The path of a PEM file with it, without its key.</summary>
    public string FileOf(X509Certificate2 certificate)
    {
        var path = Path.Combine(_directory, $"{Guid.NewGuid():N}.pem");
        File.WriteAllText(path, certificate.ExportCertificatePem());
        return path;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static CertificateRequest Request(ECDsa key, string name, bool withAddress)
    {
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (withAddress)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        return request;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strowger.Server.Composition;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Doctor;

/// <summary>The certificate of our HTTPS door.</summary>
internal static class CertificateExamination
{
    private const string What = "certificate";

    /// <summary>Renewal by hand takes days; ACME clients renew 30 days before the end.</summary>
    private static readonly TimeSpan _soon = TimeSpan.FromDays(21);

    /// <summary>None when the configuration has no certificate.</summary>
    public static IEnumerable<Finding> Run(HttpConfiguration http, DateTimeOffset now)
    {
        if (http.Certificate is not { } path)
        {
            yield break;
        }

        Finding finding;
        try
        {
            using var certificate = Certificates.Load(path, http.CertificateKey);
            finding = Of(certificate, path, now);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            finding = new Finding(What, Verdict.Wrong, $"{path}: {error.Message}", "set Http:Certificate to a PEM file with the chain and Http:CertificateKey to its key, both readable for the server's user");
        }

        yield return finding;
    }

    private static Finding Of(X509Certificate2 certificate, string path, DateTimeOffset now)
    {
        var ends = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{certificate.GetNameInfo(X509NameType.DnsName, false)}, good until {ends:yyyy-MM-dd}");
        return !certificate.HasPrivateKey ? new Finding(What, Verdict.Wrong, $"{path} has no private key", "name the key's file in Http:CertificateKey")
            : ends <= now ? new Finding(What, Verdict.Wrong, detail + ": its time is over", "renew it and restart the server: every client refuses it now")
            : certificate.NotBefore.ToUniversalTime() > now.UtcDateTime ? new Finding(What, Verdict.Wrong, $"it is good only from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} on", "check the clock, or take the certificate of before")
            : ends - now < _soon ? new Finding(What, Verdict.Doubtful, string.Create(CultureInfo.InvariantCulture, $"{detail}: {(ends - now).TotalDays:0} days"), "renew it, then restart the server: it is read at the start")
            : new Finding(What, Verdict.Good, detail);
    }
}

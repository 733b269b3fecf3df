using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Strowger.Server.Composition;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Doctor;

/// <summary>The certificates that we show, and those of carriers that we were told to trust.</summary>
internal static class CertificateExamination
{
    /// <summary>Renewal by hand takes days; ACME clients renew 30 days before the end.</summary>
    private static readonly TimeSpan _soon = TimeSpan.FromDays(21);

    public static IEnumerable<Finding> Run(ServerConfiguration configuration, DateTimeOffset now)
    {
        if (configuration.Http.Certificate is { } http)
        {
            yield return OfDoor("certificate", "Http", http, () => Certificates.Load(http, configuration.Http.CertificateKey), now);
        }

        if (configuration.Smpp.Certificate is { } smpp)
        {
            yield return OfDoor("SMPP certificate", "Smpp", smpp, () => X509Certificate2.CreateFromPemFile(smpp, configuration.Smpp.CertificateKey), now);
        }

        foreach (var channel in configuration.Channels)
        {
            if (channel is { Tls: true, TlsTrustedCertificate: { } trusted })
            {
                yield return OfCarrier($"certificate of {channel.Name}", trusted, now);
            }
        }
    }

    private static Finding OfDoor(string what, string section, string path, Func<X509Certificate2> load, DateTimeOffset now)
    {
        try
        {
            using var certificate = load();
            return !certificate.HasPrivateKey
                ? new Finding(what, Verdict.Wrong, $"{path} has no private key", $"name the key's file in {section}:CertificateKey")
                : Dates(what, certificate, now, "renew it and restart the server: every client refuses it now", "renew it, then restart the server: it is read at the start");
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return new Finding(
                what, Verdict.Wrong, $"{path}: {error.Message}", $"set {section}:Certificate to a PEM file with the chain and {section}:CertificateKey to its key, both readable for the server's user");
        }
    }

    private static Finding OfCarrier(string what, string path, DateTimeOffset now)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificateFromFile(path);
            return Dates(
                what, certificate, now, "ask the carrier for the one it shows now and put it there: it is read at each connect", "ask the carrier for its next one and put both into the file: it is read at each connect");
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return new Finding(what, Verdict.Wrong, $"{path}: {error.Message}", "set TlsTrustedCertificate to a PEM file of the carrier's certificate or of who signed it, readable for the server's user");
        }
    }

    private static Finding Dates(string what, X509Certificate2 certificate, DateTimeOffset now, string whenOver, string whenSoon)
    {
        var ends = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        var detail = string.Create(CultureInfo.InvariantCulture, $"{certificate.GetNameInfo(X509NameType.DnsName, false)}, good until {ends:yyyy-MM-dd}");
        return ends <= now ? new Finding(what, Verdict.Wrong, detail + ": its time is over", whenOver)
            : certificate.NotBefore.ToUniversalTime() > now.UtcDateTime ? new Finding(what, Verdict.Wrong, $"it is good only from {certificate.NotBefore.ToUniversalTime():yyyy-MM-dd} on", "check the clock, or take the certificate of before")
            : ends - now < _soon ? new Finding(what, Verdict.Doubtful, string.Create(CultureInfo.InvariantCulture, $"{detail}: {(ends - now).TotalDays:0} days"), whenSoon)
            : new Finding(what, Verdict.Good, detail);
    }
}

using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Strowger.Smpp;

/// <summary>Whether a carrier's certificate will do, and if not, why and what helps.</summary>
internal static class PeerCertificate
{
    private const int MaxNames = 5;

    /// <summary>Null when it will do.</summary>
    /// <param name="certificate">As shown by the carrier.</param>
    /// <param name="chain">As built by the system.</param>
    /// <param name="errors">What the system found.</param>
    /// <param name="trusted">Trusted beside what the system trusts: the certificate itself, or of those who sign.</param>
    /// <param name="name">Asked for.</param>
    /// <param name="now">The time, for the words.</param>
    public static string? ProblemOf(
        X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, X509Certificate2Collection trusted, string name, DateTimeOffset now)
    {
        if (errors == SslPolicyErrors.None)
        {
            return null;
        }

        if (certificate is null || chain is null)
        {
            return "the carrier shows no certificate";
        }

        if (certificate.NotAfter.ToUniversalTime() < now.UtcDateTime)
        {
            return $"the carrier's certificate ended on {Date(certificate.NotAfter)}";
        }

        if (certificate.NotBefore.ToUniversalTime() > now.UtcDateTime)
        {
            return $"the carrier's certificate counts only from {Date(certificate.NotBefore)} on (is this machine's clock right?)";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"the carrier's certificate is for {Names(certificate)}, not for {name}; set TlsServerName if that is the carrier";
        }

        return IsTrusted(certificate, chain, trusted) ? null : ChainProblem(certificate, chain, trusted.Count > 0);
    }

    private static bool IsTrusted(X509Certificate2 certificate, X509Chain chain, X509Certificate2Collection trusted)
    {
        if (trusted.Count == 0)
        {
            return false;
        }

        // The certificate itself stands in the file: nobody else needs to vouch for it.
        if (trusted.Any(known => known.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)))
        {
            return true;
        }

        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static string ChainProblem(X509Certificate2 certificate, X509Chain chain, bool hasFile)
    {
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        if ((status & ~(X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            return $"the carrier's certificate is not good: {string.Join(", ", chain.ChainStatus.Select(one => one.StatusInformation.Trim().TrimEnd('.')).Distinct())}";
        }

        string signer = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
        return hasFile
            ? $"the carrier's certificate is signed by {signer}, which is neither in TlsTrustedCertificate nor trusted by this machine"
            : $"the carrier's certificate is signed by {signer}, whom this machine does not trust; name that certificate in TlsTrustedCertificate";
    }

    private static string Names(X509Certificate2 certificate)
    {
        List<string> names = [];
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            names.AddRange(extension.EnumerateDnsNames());
            names.AddRange(extension.EnumerateIPAddresses().Select(address => address.ToString()));
        }

        return names.Count == 0 ? certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } name ? name : "nobody"
            : string.Join(", ", names.Take(MaxNames)) + (names.Count > MaxNames ? " …" : "");
    }

    private static string Date(DateTime local) => local.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

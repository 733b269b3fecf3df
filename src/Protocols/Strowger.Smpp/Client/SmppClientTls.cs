namespace Strowger.Smpp;

/// <summary>TLS 1.2 or 1.3 towards the carrier, from the first octet. Its certificate must be one we trust and name the host.</summary>
public sealed record SmppClientTls
{
    /// <summary>The name the certificate must have; null is <see cref="SmppClientOptions.Host"/>.</summary>
    public string? ServerName { get; init; }

    /// <summary>A PEM file with the carrier's certificate, or with that of who signed it, when the system does not know it. Read at each connect.</summary>
    public string? TrustedCertificate { get; init; }
}

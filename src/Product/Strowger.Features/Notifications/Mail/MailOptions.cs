namespace Strowger.Features.Notifications.Mail;

/// <summary>How the connection to the mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>Not at all: for a server on this machine.</summary>
    None,

    /// <summary>STARTTLS (RFC 3207), insisted on: without it nothing is said. Port 587 or 25.</summary>
    StartTls,

    /// <summary>TLS from the first octet (RFC 8314). Port 465.</summary>
    Tls,
}

/// <summary>The mail server that takes what we send.</summary>
public sealed record MailOptions
{
    /// <summary>Name or address.</summary>
    public required string Host { get; init; }

    /// <summary>1 to 65,535. Default 587; 465 with <see cref="MailSecurity.Tls"/>; 25 with none.</summary>
    public required int Port { get; init; }

    public MailSecurity Security { get; init; } = MailSecurity.StartTls;

    /// <summary>A PEM file with the certificate of the server, or of who signed it, when the system does not know it.</summary>
    public string? TrustedCertificate { get; init; }

    /// <summary>Null: without a login.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Its first line is the password, read at each login; instead of <see cref="Password"/>.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Who mails are from.</summary>
    public required string From { get; init; }

    /// <summary>How long each answer of the server may take. Default 30 s, 1 s to 5 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections at once, 1 to 20. Default 2.</summary>
    public int Width { get; init; } = 2;

    /// <summary>How long a mail is tried again and again. Default 2 days.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromDays(2);

    /// <summary>Wait after the first failure; doubles up to <see cref="LastRetry"/>. Default 5 s.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Default 15 minutes.</summary>
    public TimeSpan LastRetry { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Without the password, which must reach no log.</summary>
    public override string ToString() => $"{Host}:{Port} as {From}";
}

namespace Strowger.Features.Notifications.Mail;

/// <summary>Reasons of mails, beside those of messages and posts.</summary>
public static class MailCodes
{
    private const int Base = 0x30000;

    /// <summary>The job cannot be read.</summary>
    public const int Unreadable = Base + 1;

    /// <summary>No connection, no TLS, no answer, or it broke.</summary>
    public const int NoConnection = Base + 2;

    /// <summary>The server answered with this code, 200 to 599.</summary>
    public static int Of(int smtpCode) => Base + smtpCode;

    /// <summary>The server's code in a reason; 0 when it holds none.</summary>
    public static int SmtpCodeOf(int code) => code is >= Base + 200 and < Base + 600 ? code - Base : 0;
}

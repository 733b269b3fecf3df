namespace Strowger.Features.Notifications.Mail;

/// <summary>What may stand between the angle brackets of MAIL FROM and RCPT TO: a plain <c>local@domain</c> of RFC 5321, 4.1.2.</summary>
public static class MailAddress
{
    /// <summary>RFC 5321, 4.5.3.1: 64 octets and 255, in a path of 256 with its brackets.</summary>
    private const int MaxLength = 254;

    private const int MaxLocal = 64;

    /// <summary>Letters of all scripts only in what is not sent: a server without SMTPUTF8 could not take them.</summary>
    public static bool IsOne(string? text)
    {
        if (text is null || text.Length > MaxLength || text.LastIndexOf('@') is var at && (at is < 1 or > MaxLocal || at == text.Length - 1))
        {
            return false;
        }

        var local = text.AsSpan(0, at);
        var domain = text.AsSpan(at + 1);
        return IsDotted(local, "!#$%&'*+-/=?^_`{|}~") && IsDotted(domain, "-") && domain[0] != '-' && domain[^1] != '-';
    }

    private static bool IsDotted(ReadOnlySpan<char> text, string others)
    {
        var previous = '.';
        foreach (var c in text)
        {
            if (c == '.' ? previous == '.' : !char.IsAsciiLetterOrDigit(c) && !others.Contains(c))
            {
                return false;
            }

            previous = c;
        }

        return previous != '.';
    }
}

namespace Strowger.Features.Notifications.Mail;

/// <summary>A server's answer (RFC 5321, 4.2): a code of three digits and its lines.</summary>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    public string Text => string.Join(" ", Lines);

    public bool IsGood => Code is >= 200 and < 400;
}

/// <summary>What became of a mail at the server.</summary>
public enum SmtpOutcome
{
    /// <summary>The server has it.</summary>
    Taken,

    /// <summary>Not now: 4xx, no connection, no answer.</summary>
    Later,

    /// <summary>Never: 5xx.</summary>
    Refused,
}

/// <summary>The outcome, the server's code (0 none), and in words what it said to what.</summary>
public sealed record SmtpResult(SmtpOutcome Outcome, int Code, string Detail);

/// <summary>The server's answer ends the conversation.</summary>
internal sealed class SmtpException(SmtpOutcome outcome, int code, string message) : Exception(message)
{
    public SmtpResult Result => new(outcome, code, Message);
}

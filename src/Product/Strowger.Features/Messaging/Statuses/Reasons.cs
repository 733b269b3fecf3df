using System.Globalization;
using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Notifications.Mail;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>Codes of outcomes in words: the carriers', ours, and the engine's.</summary>
public static class Reasons
{
    /// <summary>Octets of a reason kept with an outcome.</summary>
    private const int MaxData = 200;

    /// <summary>A reason of the program's own, to be kept with the outcome.</summary>
    internal static byte[] DataOf(string reason)
    {
        // Without the name of the argument, which .NET puts behind.
        var end = reason.IndexOf(" (Parameter", StringComparison.Ordinal);
        var bytes = System.Text.Encoding.UTF8.GetBytes(end < 0 ? reason : reason[..end]);
        return bytes.Length <= MaxData ? bytes : bytes[..MaxData];
    }

    /// <summary>Of an event, with what was kept beside its code.</summary>
    public static MessageError Of(in EngineEvent item) => item.Code == MessagingCodes.NotSendable && !item.Data.IsEmpty
        ? Of(item.Code) with { Detail = System.Text.Encoding.UTF8.GetString(item.Data) }
        : Of(item.Code);

    public static MessageError Of(int code) => code switch
    {
        EngineCodes.HeldUnsure => new(code, "held_unsure", "Nobody knows whether the carrier took it (cut connection or crash with it on the wire), and the channel says to hold such texts. Resend it if it must arrive."),
        EngineCodes.BodyDamaged or MessagingCodes.UnreadableBody => new(code, "unreadable", "Its record on disk is damaged."),
        MessagingCodes.NotEncodable => new(code, "not_encodable", "Its text can no longer be split as it was at acceptance."),
        MessagingCodes.NotSendable => new(code, "not_sendable", "It breaks a rule of the SMPP standard, such as the length of a field, and was not sent."),
        MessagingCodes.NoAnswer => new(code, "no_answer", "The carrier did not answer in time; it may have taken it."),
        MessagingCodes.ConnectionLost => new(code, "connection_lost", "The connection ended before the carrier's answer; it may have taken it."),
        MessagingCodes.NotWritten => new(code, "not_written", "The connection had no room; it goes out as soon as there is."),
        MessagingCodes.CancelledByUser => new(code, "cancelled", "Cancelled by its sender."),
        PostCodes.NoAddress => new(code, "no_address", "It names no address to post to."),
        PostCodes.PrivateAddress => new(code, "private_address", "The address is a loopback or private one. Set Webhooks:AllowPrivate to post there."),
        PostCodes.NoConnection => new(code, "no_connection", "The receiver could not be reached, or the connection broke before its answer."),
        PostCodes.NoAnswer => new(code, "no_http_answer", "The receiver did not answer in time."),
        _ when PostCodes.HttpStatusOf(code) is > 0 and var status => new(code, string.Create(CultureInfo.InvariantCulture, $"http_{status}"), string.Create(CultureInfo.InvariantCulture, $"The receiver answered with HTTP status {status}.")),
        MailCodes.NoConnection => new(code, "no_mail_server", "The mail server could not be reached, did not answer, or its certificate is not trusted."),
        MailCodes.Unreadable => new(code, "unreadable", "Its record on disk is damaged."),
        _ when MailCodes.SmtpCodeOf(code) is > 0 and var smtp => new(code, string.Create(CultureInfo.InvariantCulture, $"smtp_{smtp}"), string.Create(CultureInfo.InvariantCulture, $"The mail server answered {smtp}.")),
        EngineCodes.OverLimit => new(code, "sender_limit", "It takes more parts than its sender may send in a day by the limits of its channels, which were lowered while it waited."),
        EngineCodes.LeaseEnded => new(code, "lease_ended", "It was handed out and not finished in time."),
        EngineCodes.TimedOut => new(code, "timed_out", "It took longer than its time limit."),
        EngineCodes.HandlerFailed => new(code, "handler_failed", "The program failed while doing it."),
        _ => OfCarrier(code),
    };

    private static MessageError OfCarrier(int code)
    {
        var status = (uint)code;
        return new(code, CommandStatus.Name(status), string.Create(CultureInfo.InvariantCulture, $"{CommandStatus.Words(status)} (command_status 0x{status:X8})"));
    }
}

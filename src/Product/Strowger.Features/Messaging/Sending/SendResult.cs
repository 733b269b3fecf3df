using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging.Sending;

/// <summary>What became of one message at the door: accepted with its expected hand-over, or refused with the reason.</summary>
public readonly record struct SendResult(
    MessageId Id,
    RequestError? Error,
    int Segments,
    TextEncoding Encoding,
    string Channel,
    long EtaMs,
    bool IsScheduled,
    bool IsRepeat,
    TimeSpan? RetryAfter)
{
    public static SendResult Refused(RequestError error, TimeSpan? retryAfter = null) =>
        new(default, error, 0, default, string.Empty, 0, false, false, retryAfter);
}

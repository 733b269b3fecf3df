using System.Globalization;
using Strowger.Engine;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>What a text waits for: a stable word, what it means, and when that ends where it is known.</summary>
public sealed record MessageWait(string Code, string Detail, DateTimeOffset? Until = null)
{
    /// <summary>The limit's name, of <c>sender_limit</c>.</summary>
    public string? Limit { get; init; }

    /// <summary>Null when it is in hand or over.</summary>
    public static MessageWait? Of(JobEngine engine, JobId part)
    {
        var wait = JobWait.Of(engine, part);
        return wait.Reason switch
        {
            WaitReason.NotDurable => new("not_durable", "It is on its way to disk."),
            WaitReason.Due => new("due", "It is due later, by its send_at or for another attempt."),
            WaitReason.QueuePaused => new("queue_paused", "Its queue is paused."),
            WaitReason.NoStage => new("no_channel", "No channel serves its number."),
            WaitReason.StagePaused => new("channel_paused", "Its channels are paused."),
            WaitReason.Limit when wait.Limit is { } limit => OfLimit(limit, wait.LimitUntilMs),
            WaitReason.Limit => new("limit", "Texts of its campaign or sender go first, as its rate allows."),
            WaitReason.Width => new("width", "Its channels are down, or wait for as many answers as they may."),
            WaitReason.Rate => new("rate", Text($"Its channels hand over as fast as their rate allows; {wait.Ready} parts are ready, itself among them.")),
            WaitReason.Turn or WaitReason.FlowWidth => new("turn", Text($"It is ready; {wait.Ready} parts are, itself among them.")),
            WaitReason.Unsure => new("unsure", "It may have left; it is decided when its grace is over."),
            _ => null,
        };
    }

    private static MessageWait OfLimit(LimitOptions limit, long untilMs)
    {
        var until = DateTimeOffset.FromUnixTimeMilliseconds(untilMs);
        var whose = limit.Keys is null ? "Its sender" : "Its senders together";
        var allowed = (limit.Rate, limit.PerDay) switch
        {
            ({ } rate, { } day) => Text($"{rate} parts a second and {day} a day"),
            ({ } rate, null) => Text($"{rate} parts a second"),
            (_, var day) => Text($"{day} parts a day"),
        };
        return new("sender_limit", Text($"{whose} may send {allowed} by the limit '{limit.Name}'; the next leaves at {until:yyyy-MM-ddTHH:mm:ssZ}."), until) { Limit = limit.Name };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

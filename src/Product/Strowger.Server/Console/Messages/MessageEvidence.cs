using System.Globalization;
using System.Text;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;

namespace Strowger.Server.ConsolePage;

/// <summary>What a carrier's support needs: its own ids, the PDUs with their times in UTC, and more examples. Without the text's words.</summary>
internal sealed class MessageEvidence(ConsoleServices services)
{
    private const int Examples = 10;
    private const int Looked = 200;

    public string Of(MessageView message, CancellationToken cancel)
    {
        var channel = message.Channel ?? message.Timeline.LastOrDefault(e => e.Channel is not null)?.Channel;
        var settings = channel is null ? null : services.Messaging.Channels.Find(channel)?.Settings;
        var text = new StringBuilder();
        Line(text, $"Evidence for {channel ?? "the carrier"}, made {Time(services.Time.GetUtcNow())} by Strowger {services.Version}");
        Line(text, $"All times are UTC, by our clock.");
        if (settings is { Kind: "smpp" })
        {
            Line(text, $"Account: system_id {settings.SystemId} at {settings.Host}:{settings.Port}");
        }

        text.AppendLine();
        Line(text, $"Message   {message.Id}");
        Line(text, $"To        {message.To}");
        Line(text, $"From      {message.From}");
        Line(text, $"Parts     {message.Segments} ({message.Encoding})");
        Line(text, $"Status    {message.Status.ToText()}{(message.Error is { } e ? ": " + e.Detail : "")}");
        var ids = message.Timeline.Select(i => i.CarrierId).OfType<string>().Where(i => i.Length > 0).Distinct().ToArray();
        Line(text, $"Your ids  {(ids.Length == 0 ? "none" : string.Join(", ", ids))}");
        text.AppendLine();
        Line(text, $"{"Time",-24}  Part  PDU");
        foreach (var item in message.Timeline)
        {
            if (Pdu(item) is { } pdu)
            {
                Line(text, $"{Time(item.Time),-24}  {item.Part,4}  {pdu}");
            }
        }

        AddExamples(text, message, channel, cancel);
        return text.ToString();
    }

    /// <summary>The newest others that ended the same way over the same channel.</summary>
    private void AddExamples(StringBuilder text, MessageView message, string? channel, CancellationToken cancel)
    {
        if (message.Status is MessageStatus.Delivered or MessageStatus.Queued or MessageStatus.Scheduled || channel is null)
        {
            return;
        }

        var page = services.Http.Lists.List(new MessageFilter { Status = message.Status, Channel = channel, Limit = Looked }, cancel);
        var others = page.Rows.Where(r => r.Id != message.Id.Job.Value && (message.Error is null || r.Error == message.Error.Code)).Take(Examples).ToArray();
        if (others.Length == 0)
        {
            return;
        }

        text.AppendLine();
        Line(text, $"{others.Length} more that ended so over {channel}, newest first");
        Line(text, $"{"Id",-18}  {"To",-16}  {"Handed over",-24}  {"Ended",-24}");
        foreach (var row in others)
        {
            Line(text, $"{new MessageId(new(row.Id)),-18}  {new Msisdn(row.To),-16}  {Time(row.SentMs),-24}  {Time(row.FinalMs),-24}");
        }
    }

    /// <summary>What went over the line; null for what happened within.</summary>
    private static string? Pdu(TimelineEvent item) => item.Event switch
    {
        "message.sending" => "submit_sm out",
        "message.sent" => $"submit_sm_resp in, ESME_ROK, message_id {item.CarrierId}",
        "message.throttled" => "submit_sm_resp in, " + (item.Detail ?? "ESME_RTHROTTLED"),
        "message.retry" or "message.failed" or "message.rerouted" => "submit_sm_resp in, " + item.Detail,
        "message.unsure" => "no submit_sm_resp: " + (item.Detail ?? "the connection ended or time was over"),
        "message.receipt" => $"deliver_sm in, receipt for {item.CarrierId}: {item.Detail}",
        _ => null,
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Time(long ms) => ms <= 0 ? "-" : Time(DateTimeOffset.FromUnixTimeMilliseconds(ms));

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}

using System.Globalization;
using System.Text.Json;
using Strowger.Features.Messaging.Sending;
using Strowger.Features.Notifications.Mail;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Records.Settings;

namespace Strowger.Features.Notifications.Alarms;

/// <summary>The ways out for alarms: doors of others, each taking a key under which the same goes out once.</summary>
public sealed record AlarmWays
{
    /// <summary>A text by a channel that is none of those named; false when there is no way now. (channels to avoid, to, text, key)</summary>
    public required Func<IReadOnlyList<string>, string, string, string, Task<bool>> Text { get; init; }

    /// <summary>Null: there is no mail server.</summary>
    public MailParts? Mail { get; init; }

    public required WebhookParts Webhooks { get; init; }

    /// <summary>The server's own address, once it is known.</summary>
    public Func<string?> Url { get; init; } = static () => null;
}

/// <summary>
/// Tells of alarms: queues texts, mails and posts under keys made of the alarm and how often it was told, then notes that it was. A
/// kill between the two queues the same again, which the keys make nothing of.
/// </summary>
internal sealed class AlarmTeller(AlarmBook book, AlarmSettings settings, AlarmOptions options, AlarmWays ways, TimeProvider time)
{
    /// <summary>An alarm counts as not told for so long while no channel can take its text: after a start they all bind first.</summary>
    private static readonly TimeSpan _textPatience = TimeSpan.FromMinutes(5);

    public async Task TellAsync(Func<AlarmRecord, IReadOnlyList<string>> avoid, CancellationToken cancel)
    {
        var due = book.Due().Where(alarm => !settings.IsMuted(alarm)).ToArray();
        if (due.Length == 0)
        {
            return;
        }

        // Who acknowledged knows it; programs may want to know too.
        var forPeople = due.Where(alarm => alarm.State != AlarmState.Acknowledged).ToArray();
        var untold = new HashSet<long>();
        if (forPeople.Length > options.DigestOver)
        {
            var key = "digest-" + string.Join('-', forPeople.Select(KeyOf));
            await TellPeopleAsync(forPeople, [.. forPeople.SelectMany(avoid).Distinct()], AlarmWords.Text(forPeople), string.Create(CultureInfo.InvariantCulture, $"{forPeople.Length} alarms"), key, cancel).ConfigureAwait(false);
        }
        else
        {
            foreach (var alarm in forPeople)
            {
                var told = await TellPeopleAsync([alarm], avoid(alarm), AlarmWords.Text(alarm), AlarmWords.Subject(alarm), KeyOf(alarm), cancel).ConfigureAwait(false);
                if (!told && time.GetUtcNow() - alarm.NoticeDue < _textPatience)
                {
                    // Mails and posts are queued again next time, which their keys make nothing of.
                    untold.Add(alarm.Id);
                }
            }
        }

        foreach (var alarm in due)
        {
            await ways.Webhooks.TellAsync(TypeOf(alarm.State), "alarm " + alarm.Id.ToString(CultureInfo.InvariantCulture), "evt_alarm_" + KeyOf(alarm), DataOf(alarm), cancel: cancel).ConfigureAwait(false);
            if (!untold.Contains(alarm.Id))
            {
                book.Told(alarm);
            }
        }
    }

    /// <summary>Where an alarm is acknowledged; null when no address of ours is known.</summary>
    public string? LinkOf(AlarmRecord alarm) => (options.Url ?? ways.Url())?.TrimEnd('/') is { } url
        ? string.Create(CultureInfo.InvariantCulture, $"{url}/alarms/{alarm.Id}/take?signature={settings.LinkSignature(alarm)}")
        : null;

    /// <returns>False when a text found no way.</returns>
    private async Task<bool> TellPeopleAsync(IReadOnlyList<AlarmRecord> alarms, IReadOnlyList<string> avoid, string text, string subject, string key, CancellationToken cancel)
    {
        var all = true;
        foreach (var number in options.TextTo)
        {
            all &= await ways.Text(avoid, number, text, $"{key} {number}").ConfigureAwait(false);
        }

        if (ways.Mail is not null && options.MailTo.Count > 0)
        {
            var mail = new MailMessage(options.MailTo, "Strowger: " + subject, AlarmWords.Mail(alarms, LinkOf));
            await ways.Mail.SendAsync(mail, IdempotencyKey.Of("alarm mail", key).For(0), cancel).ConfigureAwait(false);
        }

        return all;
    }

    /// <summary>Told twice in the same state it is another notice: the count tells them apart, and the times it came back.</summary>
    private static string KeyOf(AlarmRecord alarm) =>
        string.Create(CultureInfo.InvariantCulture, $"{alarm.Id}-{alarm.Times}-{alarm.Notices}-{AlarmTable.Word(alarm.State)}");

    private static string TypeOf(AlarmState state) => state switch
    {
        AlarmState.Raised => EventTypes.AlarmRaised,
        AlarmState.Acknowledged => EventTypes.AlarmAcknowledged,
        _ => EventTypes.AlarmCleared,
    };

    private static byte[] DataOf(AlarmRecord alarm)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, alarm.Id);
            writer.WriteString("rule"u8, alarm.Rule);
            writer.WriteString("subject"u8, alarm.Subject);
            writer.WriteString("state"u8, AlarmTable.Word(alarm.State));
            writer.WriteString("detail"u8, alarm.Detail);
            writer.WriteString("raised_at"u8, alarm.RaisedAt.UtcDateTime);
            writer.WriteString("acknowledged_by"u8, alarm.AcknowledgedBy);
            writer.WriteNumber("times"u8, alarm.Times);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}

using System.Globalization;
using System.Text;
using Strowger.Records.Settings;

namespace Strowger.Features.Notifications.Alarms;

/// <summary>Alarms in the words of a text and a mail.</summary>
internal static class AlarmWords
{
    /// <summary>One part in the GSM alphabet.</summary>
    private const int TextLength = 160;

    public static string Text(AlarmRecord alarm)
    {
        var head = alarm.State == AlarmState.Cleared
            ? Text($"Strowger OK {alarm.Id}: {alarm.Subject}: over after {AlarmJudge.Span((alarm.ClearedAt ?? alarm.RaisedAt) - alarm.RaisedAt)}")
            : Text($"Strowger ALARM {alarm.Id}{(alarm.Notices > 0 ? " (still)" : "")}: {alarm.Subject}: {alarm.Detail}");
        var tail = alarm.State == AlarmState.Cleared ? "" : Text($". Reply A{alarm.Id} to take it.");
        return Cut(Plain(head), TextLength - tail.Length) + tail;
    }

    public static string Text(IReadOnlyList<AlarmRecord> alarms)
    {
        var open = alarms.Count(a => a.State != AlarmState.Cleared);
        var text = new StringBuilder(Text($"Strowger: {open} ALARMS, {alarms.Count - open} over: "));
        text.AppendJoin("; ", alarms.Where(a => a.State != AlarmState.Cleared).Select(a => Text($"A{a.Id} {a.Subject} {a.Rule}")));
        return Cut(Plain(text.ToString()), TextLength);
    }

    public static string Subject(AlarmRecord alarm) => alarm.State == AlarmState.Cleared
        ? Text($"OK {alarm.Id}: {alarm.Rule} {alarm.Subject}")
        : Text($"ALARM {alarm.Id}{(alarm.Notices > 0 ? " (still)" : "")}: {alarm.Rule} {alarm.Subject}");

    /// <param name="alarms">What is told.</param>
    /// <param name="link">Acknowledges an alarm; null when there is no address.</param>
    public static string Mail(IReadOnlyList<AlarmRecord> alarms, Func<AlarmRecord, string?> link)
    {
        var text = new StringBuilder();
        foreach (var alarm in alarms)
        {
            text.AppendLine(Text($"{Subject(alarm)}"));
            text.AppendLine(Text($"  {alarm.Subject}: {alarm.Detail}"));
            text.AppendLine(Text($"  since {alarm.RaisedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC{(alarm.Times > 1 ? $", {alarm.Times} times" : "")}"));
            if (alarm.State == AlarmState.Cleared)
            {
                text.AppendLine(Text($"  over since {alarm.ClearedAt?.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"));
            }
            else if (link(alarm) is { } url)
            {
                text.AppendLine(Text($"  take it: {url}"));
            }

            text.AppendLine();
        }

        return text.ToString();
    }

    /// <summary>A number with its middle hidden, for logs and the audit.</summary>
    public static string Masked(string number) => number.Length <= 6 ? number : number[..5] + new string('*', number.Length - 7) + number[^2..];

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 3)] + "...";

    /// <summary>ASCII without what takes two septets: one part whatever a carrier's reason holds.</summary>
    private static string Plain(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' and not ('[' or ']' or '{' or '}' or '\\' or '^' or '~' or '|' or '`') ? c : ' '));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Strowger.Features.Notifications.Alarms;

/// <summary>What is wrong, by rules and readings. Keeps only what a rule must remember from one look to the next.</summary>
internal sealed class AlarmJudge(ReceiptCounts counts)
{
    /// <summary>Final receipts on each side, below which a share says nothing.</summary>
    private const int MinFinal = 50;

    private readonly Dictionary<string, (long HandedOut, DateTimeOffset Since)> _progress = new(StringComparer.Ordinal);

    /// <summary>All that is so now, however short.</summary>
    public List<Condition> Look(AlarmReadings readings, Func<string, AlarmRule> ruleOf, DateTimeOffset now)
    {
        var found = new List<Condition>();
        foreach (var info in AlarmRules.All)
        {
            var rule = ruleOf(info.Name);
            if (rule.Enabled)
            {
                found.AddRange(Look(rule, readings, now));
            }
        }

        return found;
    }

    private IEnumerable<Condition> Look(AlarmRule rule, AlarmReadings readings, DateTimeOffset now) => rule.Name switch
    {
        AlarmRules.BindDown => readings.Channels.Where(c => c.State is "down" or "partly_up").Select(c => new Condition(
            rule, c.Name, $"{(c.State == "down" ? "the channel is down" : "the channel has lost a bind")}{(c.Reason is null ? "" : ": " + c.Reason)}", [c.Name])),
        AlarmRules.Eta => readings.Queues.Where(q => q.Waiting > 0 && q.Wait.TotalSeconds > rule.Limit).Select(q => new Condition(
            rule, q.Name, Text($"the last of {q.Waiting} texts leaves in {Span(q.Wait)}"), q.Channels)),
        AlarmRules.ReceiptsStopped => readings.Channels.Where(c => c.State is "up" or "partly_up").Select(c => Silent(rule, c.Name, now)).OfType<Condition>(),
        AlarmRules.DeliveryFallen => readings.Channels.Select(c => Fallen(rule, c.Name, now)).OfType<Condition>(),
        AlarmRules.Disk => Disk(rule, readings),
        AlarmRules.StageStalled => readings.Stages.Select(s => Stalled(rule, s, now)).OfType<Condition>(),
        AlarmRules.ProjectionLag => readings.Projections.Where(p => p.Lag.TotalSeconds > rule.Limit).Select(p => new Condition(
            rule, p.Name, $"it is {Span(p.Lag)} behind the log", [])),
        _ => [],
    };

    /// <summary>Only where receipts came before: a channel may have none at all.</summary>
    private Condition? Silent(AlarmRule rule, string channel, DateTimeOffset now)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        var window = counts.Sum(channel, nowMs, rule.After, TimeSpan.Zero);
        var before = counts.Sum(channel, nowMs, TimeSpan.FromDays(1), rule.After);
        return window.Receipts == 0 && window.Sent > rule.Limit && before.Receipts > 0
            ? new Condition(rule with { After = TimeSpan.Zero }, channel, Text($"{window.Sent} texts handed over in {Span(rule.After)} and no receipt"), [channel])
            : null;
    }

    private Condition? Fallen(AlarmRule rule, string channel, DateTimeOffset now)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        var window = counts.Sum(channel, nowMs, rule.After, TimeSpan.Zero);
        var before = counts.Sum(channel, nowMs, TimeSpan.FromDays(1), rule.After);
        if (window.Final < MinFinal || before.Final < MinFinal)
        {
            return null;
        }

        var (share, usual) = (100.0 * window.Delivered / window.Final, 100.0 * before.Delivered / before.Final);
        return usual - share > rule.Limit
            ? new Condition(rule with { After = TimeSpan.Zero }, channel, Text($"{share:0} % of {window.Final} texts delivered in {Span(rule.After)}, before that {usual:0} %"), [channel])
            : null;
    }

    private static IEnumerable<Condition> Disk(AlarmRule rule, AlarmReadings readings)
    {
        var (free, total) = readings.Disk;
        var share = total > 0 ? 100.0 * free / total : 100;
        if (readings.IsStorageFull)
        {
            yield return new Condition(rule with { After = TimeSpan.Zero }, "disk", Text($"the disk is full: nothing new is taken ({free >> 20} MiB free)"), []);
        }
        else if (share < rule.Limit)
        {
            yield return new Condition(rule, "disk", Text($"{share:0.#} % free ({free >> 20} MiB)"), []);
        }
    }

    private Condition? Stalled(AlarmRule rule, StageReading stage, DateTimeOffset now)
    {
        if (stage.Ready == 0 || !stage.MayGo || !_progress.TryGetValue(stage.Name, out var last) || last.HandedOut != stage.HandedOut)
        {
            _progress[stage.Name] = (stage.HandedOut, now);
            return null;
        }

        return now - last.Since >= rule.After
            ? new Condition(rule with { After = TimeSpan.Zero }, stage.Name, Text($"{stage.Ready} jobs wait and none has gone out for {Span(now - last.Since)}"), [stage.Name])
            : null;
    }

    internal static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 120 } => Text($"{span.TotalSeconds:0} s"),
        { TotalMinutes: < 120 } => Text($"{span.TotalMinutes:0} min"),
        { TotalHours: < 48 } => Text($"{span.TotalHours:0} h"),
        _ => Text($"{span.TotalDays:0} days"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using Strowger.Records.Settings;

namespace Strowger.Features.Notifications.Alarms;

/// <summary>
/// The states of alarms. Each change is on disk before anybody is told:
/// <code>
/// nothing → raised            the cause has been there for the rule's time
/// raised → acknowledged       somebody has it
/// raised, acknowledged → cleared   the cause has been away for a while
/// cleared → raised            it is back within the flap time: the same alarm, once more
/// </code>
/// One thread looks; acknowledgements come from any.
/// </summary>
public sealed class AlarmBook(SettingsStore settings, AlarmOptions options, TimeProvider time)
{
    /// <summary>The words of an open alarm are kept up to date on disk this often at most.</summary>
    private static readonly TimeSpan _refresh = TimeSpan.FromMinutes(1);

    private const int MaxNote = 500;

    private readonly Lock _turn = new();
    private readonly Dictionary<(string Rule, string Subject), DateTimeOffset> _since = [];
    private readonly Dictionary<long, DateTimeOffset> _awaySince = [];
    private readonly Dictionary<long, DateTimeOffset> _refreshed = [];

    public IReadOnlyList<AlarmRecord> Open() => settings.Alarms.Open();

    public IReadOnlyList<AlarmRecord> List(int limit, long? beforeId, bool openOnly) => settings.Alarms.List(limit, beforeId, openOnly);

    public AlarmRecord? Find(long id) => settings.Alarms.Find(id);

    /// <summary>Takes what is wrong now and changes alarms by it.</summary>
    internal void Take(IReadOnlyList<Condition> conditions)
    {
        lock (_turn)
        {
            var now = time.GetUtcNow();
            var open = settings.Alarms.Open();
            var present = new HashSet<(string, string)>();
            foreach (var condition in conditions)
            {
                var key = (condition.Rule.Name, condition.Subject);
                if (!present.Add(key))
                {
                    continue;
                }

                var since = _since.TryGetValue(key, out var known) ? known : _since[key] = now;
                if (open.FirstOrDefault(a => (a.Rule, a.Subject) == key) is { } alarm)
                {
                    _awaySince.Remove(alarm.Id);
                    Refresh(alarm, condition, now);
                }
                else if (now - since >= condition.Rule.After)
                {
                    Raise(condition, now);
                }
            }

            foreach (var gone in _since.Keys.Where(key => !present.Contains(key)).ToArray())
            {
                _since.Remove(gone);
            }

            foreach (var alarm in open.Where(a => a.Rule != AlarmRules.Test && !present.Contains((a.Rule, a.Subject))))
            {
                Clear(alarm, now);
            }
        }
    }

    /// <summary>A drill: told to all as any alarm would be.</summary>
    public AlarmRecord RaiseTest(string who)
    {
        lock (_turn)
        {
            var now = time.GetUtcNow();
            return settings.Alarms.Open().FirstOrDefault(a => a.Rule == AlarmRules.Test)
                ?? settings.Alarms.Add(New(AlarmRules.Test, "drill", $"a test by {who}", now));
        }
    }

    /// <summary>Somebody has it. Again by the same is no mistake.</summary>
    /// <param name="id">The alarm.</param>
    /// <param name="who">For people and the audit; numbers masked.</param>
    /// <param name="note">What he means to do.</param>
    /// <returns>As it is now; null when there is none of that number.</returns>
    public AlarmRecord? Acknowledge(long id, string who, string? note)
    {
        lock (_turn)
        {
            if (settings.Alarms.Find(id) is not { } alarm || alarm.State == AlarmState.Cleared)
            {
                return settings.Alarms.Find(id);
            }

            if (alarm.State == AlarmState.Acknowledged && alarm.AcknowledgedBy == who && note is null)
            {
                return alarm;
            }

            var now = time.GetUtcNow();

            // A drill is over when somebody took it.
            var isTest = alarm.Rule == AlarmRules.Test;
            alarm = alarm with
            {
                State = isTest ? AlarmState.Cleared : AlarmState.Acknowledged,
                AcknowledgedAt = now,
                AcknowledgedBy = who,
                Note = note is { Length: > MaxNote } ? note[..MaxNote] : note ?? alarm.Note,
                ClearedAt = isTest ? now : null,
                NoticeDue = now,
            };
            settings.Alarms.Change(alarm, "alarm.acknowledge", who);
            return alarm;
        }
    }

    /// <summary>Those with something to tell.</summary>
    internal IReadOnlyList<AlarmRecord> Due() => settings.Alarms.Due(time.GetUtcNow());

    /// <summary>An alarm was told as it stood; if it has moved on meanwhile, that is still to tell.</summary>
    internal void Told(AlarmRecord told)
    {
        lock (_turn)
        {
            if (settings.Alarms.Find(told.Id) is { } alarm)
            {
                var reminds = alarm.State == AlarmState.Raised && options.Remind > TimeSpan.Zero && alarm.Rule != AlarmRules.Test;
                var due = alarm.State != told.State ? alarm.NoticeDue : reminds ? time.GetUtcNow() + options.Remind : (DateTimeOffset?)null;
                settings.Alarms.Change(alarm with { NoticeDue = due, Notices = alarm.Notices + 1 });
            }
        }
    }

    private void Raise(Condition condition, DateTimeOffset now)
    {
        var (rule, subject) = (condition.Rule.Name, condition.Subject);
        if (settings.Alarms.Newest(rule, subject) is { State: AlarmState.Cleared } old && now - old.ClearedAt < options.Flap)
        {
            // What comes and goes is told three times, then only now and then.
            var again = old with
            {
                State = AlarmState.Raised,
                Detail = condition.Detail,
                AcknowledgedAt = null,
                AcknowledgedBy = null,
                ClearedAt = null,
                Times = old.Times + 1,
                NoticeDue = old.Times < 3 ? now : now + options.Flap,
                Notices = 0,
            };
            settings.Alarms.Change(again, "alarm.raise");
            return;
        }

        settings.Alarms.Add(New(rule, subject, condition.Detail, now));
    }

    private void Refresh(AlarmRecord alarm, Condition condition, DateTimeOffset now)
    {
        if (alarm.Detail == condition.Detail || (_refreshed.TryGetValue(alarm.Id, out var last) && now - last < _refresh))
        {
            return;
        }

        _refreshed[alarm.Id] = now;
        settings.Alarms.Change(alarm with { Detail = condition.Detail });
    }

    private void Clear(AlarmRecord alarm, DateTimeOffset now)
    {
        var away = _awaySince.TryGetValue(alarm.Id, out var known) ? known : _awaySince[alarm.Id] = now;
        if (now - away < options.ClearAfter)
        {
            return;
        }

        _awaySince.Remove(alarm.Id);
        _refreshed.Remove(alarm.Id);

        // Who was never told that it began need not be told that it is over.
        settings.Alarms.Change(
            alarm with { State = AlarmState.Cleared, ClearedAt = now, NoticeDue = alarm.Notices > 0 ? now : null }, "alarm.clear");
    }

    private static AlarmRecord New(string rule, string subject, string detail, DateTimeOffset now) =>
        new(0, rule, subject, AlarmState.Raised, detail, now, null, null, null, null, 1, now, 0);
}

using Microsoft.Data.Sqlite;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>Where an alarm stands. Stored by name; see <see cref="AlarmTable"/>.</summary>
public enum AlarmState
{
    /// <summary>Nobody has taken it yet.</summary>
    Raised,

    /// <summary>Somebody has it.</summary>
    Acknowledged,

    /// <summary>It is over.</summary>
    Cleared,
}

/// <summary>Something that a human must do something about.</summary>
/// <param name="Id">Given by the store; 0 before. What a reply names.</param>
/// <param name="Rule">Such as <c>bind_down</c>.</param>
/// <param name="Subject">What is in trouble: a channel, a stage, a read model, <c>disk</c>.</param>
/// <param name="Detail">In words, as it is now.</param>
/// <param name="Times">How often it came back within the time in which it counts as the same.</param>
/// <param name="NoticeDue">When it has to be told next; null: nothing to tell.</param>
/// <param name="Notices">How often it has been told.</param>
public sealed record AlarmRecord(
    long Id,
    string Rule,
    string Subject,
    AlarmState State,
    string Detail,
    DateTimeOffset RaisedAt,
    DateTimeOffset? AcknowledgedAt,
    string? AcknowledgedBy,
    string? Note,
    DateTimeOffset? ClearedAt,
    int Times,
    DateTimeOffset? NoticeDue,
    int Notices);

/// <summary>
/// Alarms, in the settings since they must outlive everything: each change is on disk before it is told to anybody. At most one
/// that is not cleared for each rule and subject.
/// </summary>
public sealed class AlarmTable
{
    private const string Columns =
        "id, rule, subject, state, detail, raised_ms, acknowledged_ms, acknowledged_by, note, cleared_ms, times, notice_ms, notices";

    private readonly SettingsStore _store;

    internal AlarmTable(SettingsStore store) => _store = store;

    /// <summary>Those not cleared, oldest first.</summary>
    public IReadOnlyList<AlarmRecord> Open() =>
        _store.Read(db => db.Query(Read, $"SELECT {Columns} FROM alarms WHERE state <> 'cleared' ORDER BY id"));

    /// <summary>Those with something to tell.</summary>
    public IReadOnlyList<AlarmRecord> Due(DateTimeOffset now) => _store.Read(db => db.Query(
        Read, $"SELECT {Columns} FROM alarms WHERE notice_ms <= $now ORDER BY id", ("$now", now.ToUnixTimeMilliseconds())));

    /// <summary>Newest first.</summary>
    public IReadOnlyList<AlarmRecord> List(int limit, long? beforeId, bool openOnly) => _store.Read(db => db.Query(
        Read,
        $"SELECT {Columns} FROM alarms WHERE id < $before{(openOnly ? " AND state <> 'cleared'" : "")} ORDER BY id DESC LIMIT $limit",
        ("$before", beforeId ?? long.MaxValue), ("$limit", limit)));

    public AlarmRecord? Find(long id) => _store.Read(db => ById(db, id));

    /// <summary>The newest of a rule and subject, cleared or not.</summary>
    public AlarmRecord? Newest(string rule, string subject) => _store.Read(db => db.First(
        Read, $"SELECT {Columns} FROM alarms WHERE rule = $rule AND subject = $subject ORDER BY id DESC LIMIT 1", ("$rule", rule), ("$subject", subject)));

    /// <returns>With its id.</returns>
    public AlarmRecord Add(AlarmRecord alarm) => _store.Write(db =>
    {
        Store(db, "INSERT INTO", alarm, id: null);
        var id = db.Scalar("SELECT last_insert_rowid()");
        AuditTable.Write(db, _store.NowMs, new AuditChange("alarms", "alarm.raise", Name(id, alarm), null, alarm.Detail));
        db.Execute(
            "DELETE FROM alarms WHERE state = 'cleared' AND id <= (SELECT max(id) FROM alarms) - $kept", ("$kept", RecordsLimits.MaxAlarms));
        return alarm with { Id = id };
    });

    /// <param name="alarm">As it is to be.</param>
    /// <param name="action">For the audit, such as <c>alarm.clear</c>; null when it is nothing for people to see.</param>
    /// <param name="who">For the audit.</param>
    public void Change(AlarmRecord alarm, string? action = null, string who = "alarms") => _store.Write(db =>
    {
        var old = ById(db, alarm.Id);
        Store(db, "INSERT OR REPLACE INTO", alarm, alarm.Id);
        if (action is not null)
        {
            AuditTable.Write(db, _store.NowMs, new AuditChange(who, action, Name(alarm.Id, alarm), old is null ? null : Word(old.State), alarm.Note is { Length: > 0 } note ? $"{Word(alarm.State)}: {note}" : Word(alarm.State)));
        }

        return true;
    });

    public static string Word(AlarmState state) => state switch
    {
        AlarmState.Raised => "raised",
        AlarmState.Acknowledged => "acknowledged",
        _ => "cleared",
    };

    private static string Name(long id, AlarmRecord alarm) => $"{id} {alarm.Rule} {alarm.Subject}";

    private static void Store(SqliteConnection db, string verb, AlarmRecord alarm, long? id) => db.Execute(
        $"{verb} alarms({Columns}) VALUES ($id, $rule, $subject, $state, $detail, $raised, $acknowledged, $by, $note, $cleared, $times, $notice, $notices)",
        ("$id", id), ("$rule", alarm.Rule), ("$subject", alarm.Subject), ("$state", Word(alarm.State)), ("$detail", alarm.Detail),
        ("$raised", alarm.RaisedAt.ToUnixTimeMilliseconds()), ("$acknowledged", alarm.AcknowledgedAt?.ToUnixTimeMilliseconds()), ("$by", alarm.AcknowledgedBy),
        ("$note", alarm.Note), ("$cleared", alarm.ClearedAt?.ToUnixTimeMilliseconds()), ("$times", alarm.Times),
        ("$notice", alarm.NoticeDue?.ToUnixTimeMilliseconds()), ("$notices", alarm.Notices));

    private static AlarmRecord? ById(SqliteConnection db, long id) => db.First(Read, $"SELECT {Columns} FROM alarms WHERE id = $id", ("$id", id));

    private static AlarmRecord Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3) switch { "raised" => AlarmState.Raised, "acknowledged" => AlarmState.Acknowledged, _ => AlarmState.Cleared },
        row.GetString(4),
        row.Time(5),
        row.OptionalTime(6),
        row.OptionalText(7),
        row.OptionalText(8),
        row.OptionalTime(9),
        row.GetInt32(10),
        row.OptionalTime(11),
        row.GetInt32(12));
}

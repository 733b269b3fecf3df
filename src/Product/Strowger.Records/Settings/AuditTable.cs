using Microsoft.Data.Sqlite;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>One change by somebody. <paramref name="Before"/> and <paramref name="After"/> are without passwords.</summary>
public sealed record AuditRecord(long Id, DateTimeOffset At, string Who, string Action, string Subject, string? Before, string? After);

internal readonly record struct AuditChange(string Who, string Action, string Subject, string? Before, string? After);

/// <summary>Who changed what, when, from what to what. Written in the same transaction as the change.</summary>
public sealed class AuditTable
{
    private readonly SettingsStore _store;

    internal AuditTable(SettingsStore store) => _store = store;

    /// <summary>Records something done that changed no row here, such as a pause of a queue.</summary>
    public void Add(string who, string action, string subject, string? before = null, string? after = null) =>
        _store.Write(db =>
        {
            Write(db, _store.NowMs, new AuditChange(who, action, subject, before, after));
            return true;
        });

    /// <summary>Newest first.</summary>
    /// <param name="limit">1 to <see cref="RecordsLimits.MaxPage"/>.</param>
    /// <param name="beforeId">Only entries older than this one; null starts at the newest.</param>
    public IReadOnlyList<AuditRecord> List(int limit = RecordsLimits.DefaultPage, long? beforeId = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, RecordsLimits.MaxPage);
        return _store.Read(db => db.Query(
            Read,
            "SELECT id, time_ms, who, action, subject, before, after FROM audit WHERE id < $before ORDER BY id DESC LIMIT $limit",
            ("$before", beforeId ?? long.MaxValue), ("$limit", limit)));
    }

    internal static void Write(SqliteConnection db, long nowMs, AuditChange change)
    {
        db.Execute(
            "INSERT INTO audit(time_ms, who, action, subject, before, after) VALUES ($time, $who, $action, $subject, $before, $after)",
            ("$time", nowMs), ("$who", change.Who), ("$action", change.Action), ("$subject", change.Subject),
            ("$before", AuditText.Redact(change.Before)), ("$after", AuditText.Redact(change.After, change.Before)));
        db.Execute("DELETE FROM audit WHERE id <= (SELECT max(id) FROM audit) - $kept", ("$kept", RecordsLimits.MaxAuditEntries));
    }

    private static AuditRecord Read(SqliteDataReader row) => new(
        row.GetInt64(0), row.Time(1), row.GetString(2), row.GetString(3), row.GetString(4), row.OptionalText(5), row.OptionalText(6));
}

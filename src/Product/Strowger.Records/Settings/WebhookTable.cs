using Microsoft.Data.Sqlite;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>An address that is told of events.</summary>
/// <param name="Id">Such as <c>wh_k3J9…</c>.</param>
/// <param name="Types">Types of events, <c>message.*</c> or <c>*</c>.</param>
/// <param name="Secret">With which posts are signed, <c>whsec_…</c>; kept in the clear, since it is needed for each post.</param>
/// <param name="OldSecret">The one before, which signs beside it until <paramref name="OldUntil"/>.</param>
public sealed record WebhookRecord(
    string Id,
    string Url,
    IReadOnlyList<string> Types,
    string Description,
    bool Enabled,
    string Secret,
    string? OldSecret,
    DateTimeOffset? OldUntil,
    DateTimeOffset CreatedAt)
{
    /// <summary>Without the secret, which must reach no log.</summary>
    public override string ToString() => $"{Id} {Url}";
}

/// <summary>Addresses that are told of events.</summary>
public sealed class WebhookTable
{
    private const string Columns = "id, url, types, description, enabled, secret, old_secret, old_until_ms, created_ms";

    private readonly SettingsStore _store;

    internal WebhookTable(SettingsStore store) => _store = store;

    public IReadOnlyList<WebhookRecord> List() => _store.Read(db => db.Query(Read, $"SELECT {Columns} FROM webhooks ORDER BY created_ms, id"));

    /// <returns>False when there are <see cref="RecordsLimits.MaxWebhooks"/> already.</returns>
    public bool Add(WebhookRecord webhook, string who) => _store.Write(db =>
    {
        if (db.Scalar("SELECT count(*) FROM webhooks") >= RecordsLimits.MaxWebhooks)
        {
            return false;
        }

        Put(db, webhook);
        AuditTable.Write(db, _store.NowMs, new AuditChange(who, "webhook.add", webhook.Id, null, Shown(webhook)));
        return true;
    });

    /// <param name="webhook">As it is to be.</param>
    /// <param name="action">For the audit: <c>webhook.change</c> or <c>webhook.rotate</c>.</param>
    /// <param name="who">For the audit.</param>
    /// <returns>False when there is none of that id.</returns>
    public bool Change(WebhookRecord webhook, string action, string who) => _store.Write(db =>
    {
        if (ById(db, webhook.Id) is not { } old)
        {
            return false;
        }

        Put(db, webhook);
        AuditTable.Write(db, _store.NowMs, new AuditChange(who, action, webhook.Id, Shown(old), Shown(webhook)));
        return true;
    });

    /// <returns>False when there is none of that id.</returns>
    public bool Remove(string id, string who) => _store.Write(db =>
    {
        if (ById(db, id) is not { } old)
        {
            return false;
        }

        db.Execute("DELETE FROM webhooks WHERE id = $id", ("$id", id));
        AuditTable.Write(db, _store.NowMs, new AuditChange(who, "webhook.remove", id, Shown(old), null));
        return true;
    });

    private static string Shown(WebhookRecord webhook) => $"{webhook.Url} [{string.Join(' ', webhook.Types)}]{(webhook.Enabled ? "" : " off")}";

    private static void Put(SqliteConnection db, WebhookRecord webhook) => db.Execute(
        $"INSERT OR REPLACE INTO webhooks({Columns}) VALUES ($id, $url, $types, $description, $enabled, $secret, $old, $until, $created)",
        ("$id", webhook.Id), ("$url", webhook.Url), ("$types", string.Join(' ', webhook.Types)), ("$description", webhook.Description),
        ("$enabled", webhook.Enabled ? 1 : 0), ("$secret", webhook.Secret), ("$old", webhook.OldSecret),
        ("$until", webhook.OldUntil?.ToUnixTimeMilliseconds()), ("$created", webhook.CreatedAt.ToUnixTimeMilliseconds()));

    private static WebhookRecord? ById(SqliteConnection db, string id) =>
        db.First(Read, $"SELECT {Columns} FROM webhooks WHERE id = $id", ("$id", id));

    private static WebhookRecord Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        row.GetString(3),
        row.GetInt64(4) != 0,
        row.GetString(5),
        row.OptionalText(6),
        row.OptionalTime(7),
        row.Time(8));
}

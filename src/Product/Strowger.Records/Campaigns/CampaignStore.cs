using Microsoft.Data.Sqlite;
using Strowger.Records.Sqlite;

namespace Strowger.Records.Campaigns;

/// <summary>How far a campaign's pass has come, to be kept.</summary>
public readonly record struct PassProgress(long Campaign, int Number, CampaignPass Pass);

/// <summary>A campaign found by the Idempotency-Key it was made with.</summary>
public sealed record KeyedCampaign(long Id, ReadOnlyMemory<byte> Content);

/// <summary>
/// The truth of campaigns: <c>DATA/campaigns/campaigns.db</c>, beside their files. What an owner decides is on disk before the call
/// returns; how far cursors have come may be behind after a power cut, never ahead, and the journal has the rest. Safe for use by
/// several threads; they take turns.
/// </summary>
public sealed class CampaignStore : IDisposable
{
    /// <summary>Refused rows kept one by one for a campaign; all are counted.</summary>
    public const int MaxRefusedKept = 10_000;

    private const char Separator = '\u001f';

    private const string Columns =
        "id, name, sender, text, channel, rate, hours, columns, delimiter, prefixes, rows, bad_rows, parts, file_bytes, created_ms, created_by, state, ended_ms";

    private readonly DurableDb _db;

    private CampaignStore(DurableDb db) => _db = db;

    /// <param name="directory">Made when it is not there.</param>
    /// <exception cref="RecordsException">Missing library, newer format version, damage, no right to write.</exception>
    public static CampaignStore Open(string directory)
    {
        var path = Path.Combine(directory, "campaigns.db");
        try
        {
            // Files beside it hold subscribers' numbers.
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RecordsException($"{path} cannot be used: {error.Message}", error);
        }

        return new CampaignStore(DurableDb.Open(path, CampaignSchema.Migrations));
    }

    /// <summary>Adds a campaign with the rows that were refused; on disk when it returns.</summary>
    /// <param name="record">Its id is not used.</param>
    /// <param name="refused">At most <see cref="MaxRefusedKept"/> are kept.</param>
    /// <param name="key">Of an Idempotency-Key; empty when there is none.</param>
    /// <param name="content">What was asked under it.</param>
    /// <returns>With its id.</returns>
    public CampaignRecord Add(CampaignRecord record, IReadOnlyList<RefusedRow> refused, ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> content) => _db.Write(db =>
    {
        db.Execute(
            """
            INSERT INTO campaigns(name, sender, text, channel, rate, hours, columns, delimiter, prefixes, rows, bad_rows, parts, file_bytes, created_ms, created_by, state, request_key, request_content)
            VALUES ($name, $sender, $text, $channel, $rate, $hours, $columns, $delimiter, $prefixes, $rows, $bad, $parts, $bytes, $created, $by, $state, $key, $content)
            """,
            ("$name", record.Name), ("$sender", record.From), ("$text", record.Text), ("$channel", record.Channel), ("$rate", record.Rate),
            ("$hours", HoursText(record.Hours)), ("$columns", string.Join(Separator, record.Columns)), ("$delimiter", record.Delimiter.ToString()), ("$prefixes", string.Join(' ', record.Prefixes)),
            ("$rows", record.Rows), ("$bad", record.BadRows), ("$parts", record.Parts), ("$bytes", record.FileBytes),
            ("$created", record.CreatedAt.ToUnixTimeMilliseconds()), ("$by", record.CreatedBy), ("$state", (int)record.State),
            ("$key", key.IsEmpty ? null : key.ToArray()), ("$content", key.IsEmpty ? null : content.ToArray()));
        var id = db.Scalar("SELECT last_insert_rowid()");
        for (var number = 0; number < record.Passes.Count; number++)
        {
            var pass = record.Passes[number];
            db.Execute(
                "INSERT INTO passes VALUES ($id, $number, $zone, $prefix, $rows, $parts, $row, $offset, $line, $taken, $done)",
                ("$id", id), ("$number", number), ("$zone", pass.TimeZone), ("$prefix", pass.Prefix), ("$rows", pass.Rows), ("$parts", pass.Parts),
                ("$row", pass.Row), ("$offset", pass.Offset), ("$line", pass.Line), ("$taken", pass.Taken), ("$done", pass.IsDone ? 1 : 0));
        }

        foreach (var row in refused.Take(MaxRefusedKept))
        {
            AddRefused(db, id, row);
        }

        return record with { Id = id };
    });

    /// <summary>The campaign made with a key since a time; null when there is none.</summary>
    public KeyedCampaign? FindKey(ReadOnlyMemory<byte> key, DateTimeOffset since) => _db.Read(db => db.First(
        row => new KeyedCampaign(row.GetInt64(0), row.GetFieldValue<byte[]>(1)),
        "SELECT id, request_content FROM campaigns WHERE request_key = $key AND created_ms >= $since AND state > 0",
        ("$key", key.ToArray()), ("$since", since.ToUnixTimeMilliseconds())));

    /// <summary>A key may be used again after its time.</summary>
    public void ForgetKey(ReadOnlyMemory<byte> key) => _db.Write(db =>
        db.Execute("UPDATE campaigns SET request_key = NULL WHERE request_key = $key", ("$key", key.ToArray())));

    public CampaignRecord? Find(long id) => _db.Read(db => WithPasses(db, db.First(ReadRow, $"SELECT {Columns} FROM campaigns WHERE id = $id AND state > 0", ("$id", id))));

    /// <summary>Those that are not over, oldest first.</summary>
    public IReadOnlyList<CampaignRecord> Open() => _db.Read(db => db.Query(
        ReadRow, $"SELECT {Columns} FROM campaigns WHERE state IN (1, 2, 3) ORDER BY id").ConvertAll(record => WithPasses(db, record)!));

    /// <summary>Takes away those that a kill left without a file.</summary>
    public void DropUnmade() => _db.Write(db => db.Execute("DELETE FROM campaigns WHERE state = 0"));

    /// <summary>A page, newest first.</summary>
    /// <param name="limit">1 to <see cref="RecordsLimits.MaxPage"/>.</param>
    /// <param name="before">Only those with a smaller id.</param>
    public IReadOnlyList<CampaignRecord> List(int limit, long before = long.MaxValue) => _db.Read(db => db.Query(
        ReadRow,
        $"SELECT {Columns} FROM campaigns WHERE id < $before AND state > 0 ORDER BY id DESC LIMIT $limit",
        ("$before", before),
        ("$limit", limit)).ConvertAll(record => WithPasses(db, record)!));

    /// <summary>What an owner decides, or its end; on disk when it returns.</summary>
    public void SetState(long id, CampaignState state, DateTimeOffset? ended) => _db.Write(db => db.Execute(
        "UPDATE campaigns SET state = $state, ended_ms = $ended WHERE id = $id",
        ("$state", (int)state), ("$ended", ended?.ToUnixTimeMilliseconds()), ("$id", id)));

    public void SetRate(long id, double? rate) => _db.Write(db => db.Execute("UPDATE campaigns SET rate = $rate WHERE id = $id", ("$rate", rate), ("$id", id)));

    /// <summary>Keeps how far cursors have come, and the journal position before which all they count lies, in one transaction.</summary>
    /// <param name="progress">Those that moved.</param>
    /// <param name="refused">Rows refused on the way; above <see cref="MaxRefusedKept"/> for a campaign they are not kept.</param>
    /// <param name="position">Of the journal.</param>
    public void Save(IReadOnlyList<PassProgress> progress, IReadOnlyList<(long Campaign, RefusedRow Row)> refused, long position) => _db.WriteSoon(db =>
    {
        // Behind after a power cut is fine: the journal is read from the position kept.
        foreach (var (campaign, number, pass) in progress)
        {
            db.Execute(
                "UPDATE passes SET row = $row, offset = $offset, line = $line, taken = $taken, done = $done WHERE campaign = $id AND number = $number",
                ("$row", pass.Row), ("$offset", pass.Offset), ("$line", pass.Line), ("$taken", pass.Taken), ("$done", pass.IsDone ? 1 : 0),
                ("$id", campaign), ("$number", number));
        }

        foreach (var (campaign, row) in refused)
        {
            if (db.Scalar("SELECT count(*) FROM refused WHERE campaign = $id", ("$id", campaign)) < MaxRefusedKept)
            {
                AddRefused(db, campaign, row);
            }
        }

        db.Execute("UPDATE journal SET position = $position", ("$position", position));
    });

    /// <summary>Texts of rows after the cursors kept lie at or after this position of the journal.</summary>
    public long Position() => _db.Read(db => db.Scalar("SELECT position FROM journal"));

    /// <summary>Rows that are not sent, by line.</summary>
    public IReadOnlyList<RefusedRow> Refused(long id, int limit = MaxRefusedKept) => _db.Read(db => db.Query(
        row => new RefusedRow(row.GetInt64(0), row.GetString(1), row.GetString(2)),
        "SELECT line, code, detail FROM refused WHERE campaign = $id ORDER BY line LIMIT $limit", ("$id", id), ("$limit", limit)));

    /// <summary>Campaigns that ended before a time: their files may go.</summary>
    public IReadOnlyList<long> EndedBefore(DateTimeOffset time) => _db.Read(db => db.Query(
        row => row.GetInt64(0), "SELECT id FROM campaigns WHERE ended_ms < $time AND state IN (4, 5)", ("$time", time.ToUnixTimeMilliseconds())));

    public void Dispose() => _db.Dispose();

    private static void AddRefused(SqliteConnection db, long id, RefusedRow row) => db.Execute(
        "INSERT OR IGNORE INTO refused VALUES ($id, $line, $code, $detail)",
        ("$id", id), ("$line", row.Line), ("$code", row.Code), ("$detail", row.Detail));

    private static string? HoursText(CampaignHours? hours) =>
        hours is null ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{hours.StartMinute},{hours.EndMinute},{hours.TimeZone}");

    private static CampaignHours? ReadHours(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var parts = text.Split(',', 3);
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return new CampaignHours(int.Parse(parts[0], culture), int.Parse(parts[1], culture), parts[2]);
    }

    private static CampaignRecord? WithPasses(SqliteConnection db, CampaignRecord? record) => record is null ? null : record with
    {
        Passes = db.Query(
            row => new CampaignPass(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8) != 0),
            "SELECT zone, prefix, rows, parts, row, offset, line, taken, done FROM passes WHERE campaign = $id ORDER BY number",
            ("$id", record.Id)),
    };

    private static CampaignRecord ReadRow(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Name = row.GetString(1),
        From = row.GetString(2),
        Text = row.GetString(3),
        Channel = row.OptionalText(4),
        Rate = row.IsDBNull(5) ? null : row.GetDouble(5),
        Hours = ReadHours(row.OptionalText(6)),
        Columns = row.GetString(7).Split(Separator),
        Delimiter = row.GetString(8)[0],
        Prefixes = row.GetString(9).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Rows = row.GetInt64(10),
        BadRows = row.GetInt64(11),
        Parts = row.GetInt64(12),
        FileBytes = row.GetInt64(13),
        CreatedAt = row.Time(14),
        CreatedBy = row.GetString(15),
        State = (CampaignState)row.GetInt32(16),
        EndedAt = row.OptionalTime(17),
        Passes = [],
    };
}

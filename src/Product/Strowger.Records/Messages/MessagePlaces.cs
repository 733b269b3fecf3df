using Strowger.Records.Sqlite;

namespace Strowger.Records.Messages;

/// <summary>Finds ids by number or reference: in the rows no run holds yet, then run by run, newest first.</summary>
internal sealed class MessagePlaces(Func<string, SqliteStatement> statement, int max)
{
    /// <param name="query">With a number or a reference.</param>
    /// <param name="before">Only smaller ids.</param>
    /// <param name="more">There may be further ids below the last one returned.</param>
    /// <returns>Ids, greatest first; at most <c>max</c>.</returns>
    public List<long> Find(in DayQuery query, long before, out bool more)
    {
        var byNumber = query.Filter.To is not null;
        var table = byNumber ? "number_runs" : "reference_runs";
        var key = byNumber ? (long)query.Filter.To!.Value : StableHash.Of(query.Filter.Reference!);
        var (indexedTo, runs) = Progress();

        var ids = new List<long>();
        Tail(query, before, indexedTo, ids);
        for (var run = runs; run > 0 && ids.Count < max; run--)
        {
            Collect(table, run, key, before, ids);
        }

        // Runs follow one another in id, the late ones of run 0 lie anywhere: those below what was collected wait.
        more = ids.Count >= max;
        var floor = more ? ids[max - 1] : 0;
        ids.RemoveRange(Math.Min(max, ids.Count), Math.Max(0, ids.Count - max));
        var late = new List<long>();
        Collect(table, 0, key, before, late);
        return [.. ids.Concat(late.Where(id => id >= floor)).Distinct().OrderDescending()];
    }

    private (long IndexedTo, long Runs) Progress()
    {
        var row = statement("SELECT indexed_to, runs FROM progress");
        row.Step();
        var progress = (row.Int64(0), row.Int64(1));
        row.Reset();
        return progress;
    }

    private void Tail(in DayQuery query, long before, long indexedTo, List<long> ids)
    {
        SqliteStatement row;
        if (query.Filter.To is { } to)
        {
            row = statement("SELECT id FROM messages WHERE id > ?1 AND id < ?2 AND to_number = ?3 ORDER BY id DESC");
            row.Bind(3, (long)to);
        }
        else
        {
            row = statement("SELECT id FROM messages WHERE id > ?1 AND id < ?2 AND reference = ?3 ORDER BY id DESC");
            row.Bind(3, query.Filter.Reference);
        }

        row.Bind(1, indexedTo);
        row.Bind(2, before);
        Take(row, ids);
    }

    private void Collect(string table, long run, long key, long before, List<long> ids)
    {
        var row = statement($"SELECT id FROM {table} WHERE run = ?1 AND key = ?2 AND id < ?3 ORDER BY id DESC");
        row.Bind(1, run);
        row.Bind(2, key);
        row.Bind(3, before);
        Take(row, ids);
    }

    private void Take(SqliteStatement row, List<long> ids)
    {
        while (ids.Count < max && row.Step())
        {
            ids.Add(row.Int64(0));
        }

        row.Reset();
    }
}

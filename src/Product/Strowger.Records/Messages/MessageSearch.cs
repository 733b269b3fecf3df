namespace Strowger.Records.Messages;

/// <summary>One search over the days there are now.</summary>
internal sealed class MessageSearch(MessageReaders readers, MessageDay[] days, int maxExamined, CancellationToken ct)
{
    public MessagePage Page(MessageFilter filter)
    {
        var rows = new List<MessageRecord>();

        // One more than asked for tells whether there is a next page.
        var stopped = Read(filter, filter.Limit + 1, rows);
        if (rows.Count <= filter.Limit)
        {
            return new MessagePage(rows, stopped);
        }

        rows.RemoveRange(filter.Limit, rows.Count - filter.Limit);
        return new MessagePage(rows, rows[^1].Id);
    }

    public MessageCount Count(MessageFilter filter)
    {
        if (filter.To is null && filter.ToEnding is null && string.IsNullOrEmpty(filter.Reference) && filter.Before == long.MaxValue)
        {
            long sum = 0;
            ForEachDay(reader => sum += reader.SumCounts(filter));
            return new MessageCount(sum, false);
        }

        var rows = new List<MessageRecord>();
        var stopped = Read(filter, RecordsLimits.CountCap, rows);
        return new MessageCount(rows.Count, stopped is not null);
    }

    public List<StatusCount> StatusCounts(string? campaign, string? channel)
    {
        var totals = new Dictionary<(string? Channel, string? Campaign, MessageStatus Status), long>();
        ForEachDay(reader => reader.AddCounts(totals));
        return
        [
            .. totals
                .Where(total => (campaign is null || total.Key.Campaign == campaign) && (channel is null || total.Key.Channel == channel))
                .Select(total => new StatusCount(total.Key.Channel, total.Key.Campaign, total.Key.Status, total.Value))
                .OrderBy(count => count.Channel, StringComparer.Ordinal)
                .ThenBy(count => count.Campaign, StringComparer.Ordinal)
                .ThenBy(count => count.Status),
        ];
    }

    /// <summary>A campaign's messages, oldest first.</summary>
    public List<MessageRecord> Ascending(string campaign, long after, int wanted)
    {
        var rows = new List<MessageRecord>();
        for (var i = days.Length - 1; i >= 0 && rows.Count < wanted; i--)
        {
            ct.ThrowIfCancellationRequested();
            if (days[i].MinId() != long.MaxValue && (i == 0 || days[i - 1].MinId() > after))
            {
                With(days[i], reader => reader.ReadAscending(campaign, after, wanted - rows.Count, rows));
            }
        }

        return rows;
    }

    private long? Read(MessageFilter filter, int wanted, List<MessageRecord> rows)
    {
        var budget = new SearchBudget(maxExamined, ct);
        foreach (var day in days)
        {
            if (day.MinId() >= filter.Before)
            {
                continue;
            }

            long? stopped = null;
            With(day, reader => stopped = reader.Read(filter, filter.Before, wanted, budget, rows));
            if (stopped is not null)
            {
                return stopped;
            }
        }

        return null;
    }

    private void ForEachDay(Action<MessageDayReader> read)
    {
        foreach (var day in days)
        {
            ct.ThrowIfCancellationRequested();
            if (day.MinId() != long.MaxValue)
            {
                With(day, read);
            }
        }
    }

    /// <summary>A reader that failed is not used again.</summary>
    private void With(MessageDay day, Action<MessageDayReader> read)
    {
        var reader = readers.Rent(day);
        try
        {
            read(reader);
        }
        catch
        {
            reader.Dispose();
            throw;
        }

        readers.Return(reader);
    }
}

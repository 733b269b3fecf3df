using Strowger.Records.Messages;

namespace Strowger.Records.Tests;

public sealed class MessageStoreTests : IDisposable
{
    private const long Day = 24 * 60 * 60 * 1000L;
    private readonly TestDirectory _directory = new();
    private readonly TestTime _time = new();
    private MessageStore _store;

    public MessageStoreTests() => _store = Open();

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_message_is_inserted_changed_and_read_back_whole()
    {
        _store.Apply([Created(10, reference: "order-1", campaign: "spring")], 100);
        _store.Apply([new() { Id = 10, Status = MessageStatus.Sent, Channel = "other", UpdatedMs = _time.NowMs + 1, SentMs = _time.NowMs + 1 }], 200);
        _store.Apply([new() { Id = 10, Status = MessageStatus.Undelivered, UpdatedMs = _time.NowMs + 9, FinalMs = _time.NowMs + 9, Error = 34 }], 300);
        Reopen();

        var row = Assert.Single(_store.List(new()).Rows);
        var now = _time.NowMs;
        Assert.Equal(
            new MessageRecord(10, 46700000010, "Shop", MessageStatus.Undelivered, "other", "spring", "order-1", 1, now, now + 9, now + 1, now + 9, 34), row);
        Assert.Equal(300, _store.Cursor);
        Assert.Equal([new StatusCount("other", "spring", MessageStatus.Undelivered, 1)], _store.StatusCounts());
    }

    [Fact]
    public void A_resend_clears_what_was_final()
    {
        _store.Apply([Created(10), new() { Id = 10, Status = MessageStatus.Failed, FinalMs = 5, Error = 8 }], 1);
        _store.Apply([new() { Id = 10, Status = MessageStatus.Queued, FinalMs = -1, Error = -1 }], 2);
        var row = Assert.Single(_store.List(new()).Rows);
        Assert.Equal((MessageStatus.Queued, 0L, 0), (row.Status, row.FinalMs, row.Error));
    }

    [Fact]
    public void A_batch_folds_the_changes_of_one_message()
    {
        var batch = new MessageBatch();
        batch.Add(Created(10));
        batch.Add(new() { Id = 10, Status = MessageStatus.Sent, SentMs = 7, UpdatedMs = 7 });
        batch.Add(Created(11));
        batch.Add(new() { Id = 10, Status = MessageStatus.Delivered, FinalMs = 9, UpdatedMs = 9 });
        Assert.Equal(2, batch.Count);
        _store.Apply(batch.Rows, 1);
        var row = _store.List(new()).Rows[1];
        Assert.Equal((MessageStatus.Delivered, 7L, 9L), (row.Status, row.SentMs, row.FinalMs));
    }

    [Fact]
    public void A_replayed_batch_changes_nothing()
    {
        MessageRow[] rows = [Created(10), Created(11), new() { Id = 10, Status = MessageStatus.Delivered, SentMs = 1, FinalMs = 2, UpdatedMs = 2 }];
        _store.Apply(rows, 5);
        var before = _store.List(new()).Rows;
        _store.Apply(rows, 5);
        Assert.Equal(before.Select(row => (row.Id, row.Status, row.FinalMs)), _store.List(new()).Rows.Select(row => (row.Id, row.Status, row.FinalMs)));
        Assert.Equal(2, _store.Count(new()).Count);
        Assert.Equal(1, _store.Count(new() { Status = MessageStatus.Delivered }).Count);
    }

    [Fact]
    public void Changes_find_their_day_and_the_newest_file_holds_the_cursor()
    {
        _store.Apply([Created(10)], 1);
        _time.Now += TimeSpan.FromDays(1);
        _store.Apply([new() { Id = 10, Status = MessageStatus.Sent }, Created(20), new() { Id = 10, Status = MessageStatus.Delivered }], 2);
        _time.Now += TimeSpan.FromDays(1);
        _store.Apply([new() { Id = 20, Status = MessageStatus.Sent }], 3);
        Assert.Equal(2, Files().Length);
        Reopen();
        Assert.Equal(3, _store.Cursor);
        Assert.Equal([(20, MessageStatus.Sent), (10, MessageStatus.Delivered)], _store.List(new()).Rows.Select(row => (row.Id, row.Status)));
        Assert.Equal(0, _store.Missing);
        _store.Apply([new() { Id = 5, Status = MessageStatus.Sent }, new() { Id = 15, Status = MessageStatus.Sent }], 4);
        Assert.Equal(2, _store.Missing);
    }

    [Fact]
    public void A_clock_set_back_over_midnight_loses_no_message()
    {
        _store.Apply([Created(10)], 1);
        _time.Now += TimeSpan.FromDays(1);
        _store.Apply([Created(20)], 2);
        _time.Now -= TimeSpan.FromDays(1);
        _store.Apply([Created(30), new() { Id = 30, Status = MessageStatus.Sent }], 3);
        _store.Apply([Created(12), new() { Id = 12, Status = MessageStatus.Delivered }], 4);
        Assert.Equal([30L, 20, 12, 10], _store.List(new()).Rows.Select(row => row.Id));
        Assert.Equal(12, Assert.Single(_store.List(new() { To = 46700000012 }).Rows).Id);
        Assert.Equal(0, _store.Missing);
    }

    [Fact]
    public void A_batch_that_fails_leaves_the_last_one()
    {
        _store.Apply([Created(10)], 1);
        using (var other = Sqlite.SqliteDb.Open(Files()[0], readOnly: false))
        {
            other.Execute("DROP TABLE counts");
        }

        Assert.Throws<RecordsException>(() => _store.Apply([Created(11)], 2));
        Assert.Equal(1, _store.Cursor);
    }

    [Fact]
    public void Old_days_go_and_the_newest_stays()
    {
        for (var i = 1; i <= 5; i++)
        {
            _store.Apply([Created(i * 10)], i);
            _ = _store.List(new());
            _time.Now += TimeSpan.FromDays(1);
        }

        Assert.Equal(2, _store.DropOldDays());
        Assert.Equal([50L, 40, 30], _store.List(new()).Rows.Select(row => row.Id));
        _time.Now += TimeSpan.FromDays(100);
        Assert.Equal(2, _store.DropOldDays());
        Reopen();
        Assert.Equal(5, _store.Cursor);
        Assert.Single(Files());
    }

    [Fact]
    public void A_cursor_without_messages_is_kept()
    {
        _store.Apply([], 77);
        Reopen();
        Assert.Equal(77, _store.Cursor);
        Assert.Empty(_store.List(new()).Rows);
        _store.Apply([Created(10)], 78);
        Assert.Single(_store.List(new()).Rows);
    }

    [Fact]
    public void Lists_that_are_past_the_journals_end_are_of_another_journal_and_begin_anew()
    {
        _store.Apply([Created(10)], 99);
        _time.Now += TimeSpan.FromDays(1);
        _store.Apply([Created(20)], 100);
        _store.Dispose();
        var options = new MessageStoreOptions { DataDirectory = _directory.Path, JournalEnd = 100 };
        _store = MessageStore.Open(options, _time);
        Assert.Equal((100, false), (_store.Cursor, _store.IsBegunAnew));
        _store.Dispose();
        _store = MessageStore.Open(options with { JournalEnd = 99 }, _time);
        Assert.Equal((0, true), (_store.Cursor, _store.IsBegunAnew));
        Assert.Empty(_store.List(new()).Rows);
        Assert.Empty(Files());
        _store.Apply([Created(5)], 50);
        Assert.Equal(5, Assert.Single(_store.List(new()).Rows).Id);
    }

    /// <summary>What a kill on a full disk leaves: a file of no or of one page, whose tables never came to be.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_day_begun_on_a_full_disk_is_begun_again_when_there_is_room(bool hasPage)
    {
        _store.Apply([Created(10)], 100);
        _store.Dispose();
        var next = Files()[0].Replace("01-31", "02-01", StringComparison.Ordinal);
        Assert.NotEqual(Files()[0], next);
        File.WriteAllBytes(next, []);
        if (hasPage)
        {
            using var db = Sqlite.SqliteDb.Open(next, readOnly: false);
            db.Execute("PRAGMA journal_mode = WAL");
        }

        _store = Open();

        Assert.False(File.Exists(next));
        Assert.Equal((100, 10), (_store.Cursor, Assert.Single(_store.List(new()).Rows).Id));
    }

    [Fact]
    public void A_day_whose_tables_are_in_its_log_only_stays()
    {
        _store.Apply([Created(10)], 100);
        using var killed = new TestDirectory();
        Directory.CreateDirectory(Path.Combine(killed.Path, "read"));
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Files()[0])!))
        {
            File.Copy(file, Path.Combine(killed.Path, "read", Path.GetFileName(file)));
        }

        Assert.Equal(4096, new FileInfo(Directory.GetFiles(Path.Combine(killed.Path, "read"), "*.db").Single()).Length);
        using var store = MessageStore.Open(new MessageStoreOptions { DataDirectory = killed.Path }, _time);

        Assert.Equal((100, 10), (store.Cursor, Assert.Single(store.List(new()).Rows).Id));
    }

    [Fact]
    public void A_newer_file_is_refused()
    {
        _store.Apply([Created(10)], 1);
        _store.Dispose();
        using (var db = Sqlite.SqliteDb.Open(Files()[0], readOnly: false))
        {
            db.Execute("PRAGMA user_version = 99");
        }

        Assert.Contains("version 99", Assert.Throws<RecordsException>(Open).Message, StringComparison.Ordinal);
    }

    /// <summary>Every filter and page against a plain list in memory: two days, three runs, late rows, changed statuses.</summary>
    [Fact]
    public void Lists_agree_with_a_model()
    {
        var random = new Random(7);
        var model = new SortedDictionary<long, MessageRow>();
        var batch = new MessageBatch();
        const int Rows = 160_000;
        for (var i = 0; i < Rows; i++)
        {
            var row = Created(1000 + (i * 3), random.Next(2000), i % 7 == 0 ? "ref-" + random.Next(500) : null, i % 5 == 0 ? "c" + (i % 3) : null);
            row.AcceptedMs += i < Rows * 9 / 10 ? 0 : Day;
            row.Channel = i % 4 == 0 ? "b" : "a";
            model[row.Id] = row;
            batch.Add(row);
            if (i % 3 != 0)
            {
                var id = 1000 + (random.Next(i + 1) * 3);
                var change = new MessageRow { Id = id, Status = (MessageStatus)random.Next(2, 12), UpdatedMs = _time.NowMs + i };
                batch.Add(change);
                var changed = model[id];
                changed.Merge(change);
                model[id] = changed;
            }

            if (i % 5000 == 4999)
            {
                _store.Apply(batch.Rows, i);
                batch.Clear();
            }
        }

        for (var i = 0; i < 50; i++)
        {
            var late = Created(1001 + (i * 3), 7);
            model[late.Id] = late;
            _store.Apply([late], Rows + i);
        }

        Reopen();
        MessageFilter[] filters =
        [
            new(), new() { Status = MessageStatus.Failed }, new() { Status = MessageStatus.Sent, Channel = "b" },
            new() { To = 46700000007 }, new() { To = 46700000007, Status = MessageStatus.Delivered }, new() { Reference = "ref-3" },
            new() { Campaign = "c1" }, new() { Campaign = "c2", Channel = "a", Status = MessageStatus.Expired },
            new() { To = 1 }, new() { Channel = "none" }, new() { Campaign = "none" },
        ];
        foreach (var filter in filters)
        {
            var expected = model.Values.Reverse().Where(row => Matches(row, filter)).Select(row => (row.Id, row.Status)).ToArray();
            Assert.Equal(expected, All(filter with { Limit = 1000 }).Select(row => (row.Id, row.Status)));
            var count = _store.Count(filter);
            Assert.Equal((expected.LongLength, false), (count.Count, count.Capped));
        }
    }

    [Fact]
    public void Numbers_are_found_by_their_last_digits()
    {
        _store.Apply([Created(10, number: 1234567), Created(11, number: 4567), Created(12, number: 4560567)], 1);
        Assert.Equal([11L, 10], _store.List(new() { ToEnding = new NumberEnding(4567, 4) }).Rows.Select(row => row.Id));
        Assert.Equal([12L], _store.List(new() { ToEnding = new NumberEnding(567, 4) }).Rows.Select(row => row.Id));
        Assert.Equal(3, _store.Count(new() { ToEnding = new NumberEnding(567, 3) }).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => new NumberEnding(1000, 3));
    }

    [Fact]
    public void Pages_follow_one_another_without_gap_or_repetition()
    {
        _store.Apply(Enumerable.Range(1, 100).Select(i => Created(i)).ToArray(), 1);
        Assert.Null(_store.List(new() { Limit = 100 }).NextBefore);
        Assert.Equal(Enumerable.Range(1, 100).Reverse().Select(i => (long)i), All(new() { Limit = 7 }).Select(row => row.Id));
        Assert.Throws<ArgumentOutOfRangeException>(() => _store.List(new() { Limit = 1001 }));
    }

    [Fact]
    public void A_page_that_looked_at_enough_is_short_and_goes_on()
    {
        var rows = Enumerable.Range(1, 100).Select(i => Created(i)).ToArray();
        rows[2].Channel = "rare";
        _store.Apply(rows, 1);
        _store.Dispose();
        _store = MessageStore.Open(new MessageStoreOptions { DataDirectory = _directory.Path, MaxExamined = 40 }, _time);
        var page = _store.List(new() { Channel = "rare" });
        Assert.Empty(page.Rows);
        Assert.Equal(61, page.NextBefore);
        Assert.Equal(3, Assert.Single(All(new() { Channel = "rare" })).Id);
    }

    [Fact]
    public async Task Reading_goes_on_beside_writing()
    {
        const int Batches = 300;
        var firstRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = false;
        var reader = Task.Run(() =>
        {
            do
            {
                var before = _store.Count(new()).Count;
                var listed = _store.List(new() { Limit = 1000, To = 46700000001 }).Rows.Select(row => row.Id).ToArray();
                firstRead.TrySetResult();
                Assert.Equal(listed.OrderDescending(), listed);
                Assert.True(listed.Length >= before / 20);
            }
            while (!Volatile.Read(ref done));
        });
        for (var i = 0; i < Batches; i++)
        {
            _time.Now += TimeSpan.FromMinutes(10);
            _store.Apply([.. Enumerable.Range(1, 20).Select(k => Created((i * 20) + k, k))], i);
            await Task.WhenAny(firstRead.Task, reader);
        }

        Volatile.Write(ref done, true);
        await reader;
        Assert.Equal(Batches, _store.Count(new() { To = 46700000001 }).Count);
    }

    private static bool Matches(in MessageRow row, MessageFilter filter) =>
        (filter.Status is null || row.Status == filter.Status)
        && (filter.Channel is null || row.Channel == filter.Channel)
        && (filter.Campaign is null || row.Campaign == filter.Campaign)
        && (filter.Reference is null || row.Reference == filter.Reference)
        && (filter.To is null || row.To == filter.To)
        && (filter.ToEnding is null || filter.ToEnding.Value.Ends(row.To));

    private List<MessageRecord> All(MessageFilter filter)
    {
        var all = new List<MessageRecord>();
        for (long? before = long.MaxValue; before is not null;)
        {
            var page = _store.List(filter with { Before = before.Value });
            all.AddRange(page.Rows);
            before = page.NextBefore;
        }

        return all;
    }

    private MessageRow Created(long id, int? number = null, string? reference = null, string? campaign = null) => new()
    {
        Id = id, Created = true, Status = MessageStatus.Queued, Parts = 1, To = 46700000000UL + (ulong)(number ?? id), From = "Shop",
        Channel = "a", Campaign = campaign, Reference = reference, AcceptedMs = _time.NowMs, UpdatedMs = _time.NowMs,
    };

    private string[] Files() => Directory.GetFiles(Path.Combine(_directory.Path, "read"), "messages-*.db");

    private MessageStore Open() => MessageStore.Open(new MessageStoreOptions { DataDirectory = _directory.Path, KeepDays = 4 }, _time);

    private void Reopen()
    {
        _store.Dispose();
        _store = Open();
    }
}

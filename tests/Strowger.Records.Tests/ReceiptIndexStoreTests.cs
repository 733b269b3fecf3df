using Strowger.Records.Receipts;

namespace Strowger.Records.Tests;

public sealed class ReceiptIndexStoreTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly TestTime _time = new();
    private ReceiptIndexStore _store;

    public ReceiptIndexStoreTests() => _store = Open();

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Entries_are_found_before_and_after_a_run_and_a_restart()
    {
        const int Count = 150_000;
        var entries = Enumerable.Range(0, Count).Select(i => Entry(Hash(i), i)).ToArray();
        for (var i = 0; i < Count; i += 5000)
        {
            _store.Append(entries.AsSpan(i, 5000), i + 5000);
        }

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(Count, _store.Cursor);
            foreach (var i in (int[])[0, 1, 65_535, 65_536, 140_000, Count - 1])
            {
                Assert.Equal([entries[i]], _store.Find(Hash(i)));
            }

            Assert.Empty(_store.Find(Hash(Count)));
            Reopen();
        }
    }

    [Fact]
    public void An_index_that_is_past_the_journals_end_is_of_another_journal_and_begins_anew()
    {
        _store.Append([Entry(5, 1)], 100);
        _store.Dispose();
        _store = ReceiptIndexStore.Open(_directory.Path, 3, _time, journalEnd: 100);
        Assert.Equal((100, false), (_store.Cursor, _store.IsBegunAnew));
        _store.Dispose();
        _store = ReceiptIndexStore.Open(_directory.Path, 3, _time, journalEnd: 99);
        Assert.Equal((0, true), (_store.Cursor, _store.IsBegunAnew));
        Assert.Empty(_store.Find(5));
        _store.Append([Entry(5, 2)], 50);
        Assert.Equal([2L], _store.Find(5).Select(entry => entry.Job));
    }

    [Fact]
    public void What_was_appended_is_told()
    {
        List<long> told = [];
        _store.Appended += entries => told.AddRange(entries.ToArray().Select(entry => entry.Job));
        _store.Append([Entry(5, 1), Entry(6, 2)], 1);
        _store.Append([], 2);
        Assert.Equal([1L, 2], told);
    }

    [Fact]
    public void The_newest_of_several_comes_first_over_days()
    {
        _store.Append([Entry(5, 1), Entry(5, 2)], 1);
        _time.Now += TimeSpan.FromDays(1);
        _store.Append([Entry(5, 3)], 2);
        Assert.Equal([3L, 2, 1], _store.Find(5).Select(entry => entry.Job));
        Reopen();
        Assert.Equal([3L, 2, 1], _store.Find(5).Select(entry => entry.Job));
        _time.Now += TimeSpan.FromDays(2);
        Assert.Equal(1, _store.DropOldDays());
        Assert.Equal([3L], _store.Find(5).Select(entry => entry.Job));
        Assert.Equal(2, _store.Cursor);
    }

    [Fact]
    public void A_batch_over_midnight_and_a_clock_set_back_lose_nothing()
    {
        var first = Entry(1, 1);
        _time.Now += TimeSpan.FromDays(1);
        _store.Append([first, Entry(2, 2), first with { Hash = 3, Job = 3 }], 9);
        for (ulong hash = 1; hash <= 3; hash++)
        {
            Assert.Equal((long)hash, Assert.Single(_store.Find(hash)).Job);
        }

        Assert.Equal(9, _store.Cursor);
    }

    [Fact]
    public void A_look_up_is_bounded()
    {
        _store.Append([.. Enumerable.Range(0, 100).Select(i => Entry(5, i))], 1);
        Assert.Equal(ReceiptIndexStore.MaxFound, _store.Find(5).Count);
        Assert.Equal(99, _store.Find(5)[0].Job);
    }

    private static ulong Hash(int i) => (ulong)i * 0x9E3779B97F4A7C15UL;

    private ReceiptEntry Entry(ulong hash, long job) => new(hash, job, 46700000001, (int)(_time.NowMs / 60_000));

    private ReceiptIndexStore Open() => ReceiptIndexStore.Open(_directory.Path, 3, _time);

    private void Reopen()
    {
        _store.Dispose();
        _store = Open();
    }
}

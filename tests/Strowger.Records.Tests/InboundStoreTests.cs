using Strowger.Records.Inbound;

namespace Strowger.Records.Tests;

public sealed class InboundStoreTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly TestTime _time = new();
    private InboundStore _store;

    public InboundStoreTests() => _store = Open();

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Pages_go_from_the_newest_to_the_oldest_without_gap_or_repeat()
    {
        _store.Apply([.. Enumerable.Range(1, 25).Select(i => Row(i))], 99);
        Reopen();
        Assert.Equal(99, _store.Cursor);
        List<long> seen = [];
        long? before = long.MaxValue;
        while (before is { } position)
        {
            var page = _store.List(new InboundFilter { Limit = 10, Before = position });
            seen.AddRange(page.Rows.Select(row => row.Position));
            before = page.NextBefore;
        }

        Assert.Equal(Enumerable.Range(1, 25).Select(i => (long)i).Reverse(), seen);
        Assert.Null(_store.List(new InboundFilter { Limit = 25 }).NextBefore);
    }

    [Fact]
    public void Numbers_are_found_with_and_without_plus()
    {
        _store.Apply([Row(1) with { From = "46701" }, Row(2) with { From = "+46701", To = "72" }, Row(3) with { From = "46702", To = "72" }], 1);
        Assert.Equal([2L, 1], Positions(new InboundFilter { From = "+46701" }));
        Assert.Equal([2L, 1], Positions(new InboundFilter { From = "46701" }));
        Assert.Equal([3L, 2], Positions(new InboundFilter { To = "72" }));
        Assert.Equal([2L], Positions(new InboundFilter { From = "46701", To = "+72" }));
        Assert.Empty(Positions(new InboundFilter { From = "4670" }));
    }

    [Fact]
    public void A_row_comes_back_as_it_was_and_twice_is_once()
    {
        var data = Row(7) with { Text = null, DataHex = "00ff", DataCoding = 4, Parts = 3, Part = 2, Reference = 65_535 };
        _store.Apply([data], 1);
        _store.Apply([data with { Channel = "other" }], 2);
        Assert.Equivalent(data, Assert.Single(_store.List(new InboundFilter()).Rows), strict: true);
        Assert.Equal(2, _store.Cursor);
    }

    [Fact]
    public void A_joined_text_takes_the_place_of_its_parts()
    {
        _store.Apply([Part(1, 1), Part(2, 2), Row(3)], 1);
        Assert.Equal([1L, 2], _store.OpenParts(_time.NowMs, 10).Select(row => row.Position));
        Assert.Equal([2L], _store.OpenParts(_time.NowMs, 1).Select(row => row.Position));
        Assert.Empty(_store.OpenParts(_time.NowMs + 1000, 10));
        _store.Apply([Part(4, 0) with { Replaces = [1, 2] }], 2);
        Assert.Equal([4L, 3], Positions(new InboundFilter()));
        Assert.Empty(_store.OpenParts(0, 10));
    }

    [Fact]
    public void A_list_that_is_past_the_journals_end_is_of_another_journal_and_begins_anew()
    {
        _store.Apply([Row(1)], 100);
        _store.Dispose();
        _store = InboundStore.Open(_directory.Path, 7, _time, journalEnd: 100);
        Assert.Equal((100, false), (_store.Cursor, _store.IsBegunAnew));
        _store.Dispose();
        _store = InboundStore.Open(_directory.Path, 7, _time, journalEnd: 99);
        Assert.Equal((0, true), (_store.Cursor, _store.IsBegunAnew));
        _store.Apply([Row(1) with { Text = "new" }], 50);
        Assert.Equal("new", Assert.Single(_store.List(new InboundFilter()).Rows).Text);
    }

    [Fact]
    public void Old_texts_go()
    {
        _store.Apply([.. Enumerable.Range(1, 12_000).Select(i => Row(i))], 1);
        _time.Now += TimeSpan.FromDays(3);
        _store.Apply([Row(20_000)], 2);
        Assert.Equal(0, _store.DropOldDays());
        _time.Now += TimeSpan.FromDays(5);
        Assert.Equal(12_000, _store.DropOldDays());
        Assert.Equal([20_000L], Positions(new InboundFilter()));
    }

    private List<long> Positions(InboundFilter filter) => [.. _store.List(filter).Rows.Select(row => row.Position)];

    private InboundRow Row(long position) =>
        new(position, _time.NowMs + (position % 1000), "a", "46700000000", "12345", "hello", null, 0, 1, 1, 0);

    private InboundRow Part(long position, int part) => Row(position) with { Parts = 2, Part = part, Reference = 9 };

    private InboundStore Open() => InboundStore.Open(_directory.Path, 7, _time);

    private void Reopen()
    {
        _store.Dispose();
        _store = Open();
    }
}

using Strowger.Engine.Journaling;
using static Strowger.Engine.Tests.Journaling.JournalFixture;

namespace Strowger.Engine.Tests.Journaling;

public class JournalTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_appended_is_read_again_after_reopening_over_many_segments()
    {
        using JournalFixture f = new();
        List<long> positions;
        await using (Journal journal = f.Open())
        {
            Assert.Equal(0, journal.End);
            positions = Fill(journal, 5000);
            Assert.All(positions, p => Assert.Equal(0, p % 8));
            await journal.WaitDurableAsync(journal.End, Cancel);
            Assert.Equal(journal.End, journal.DurableEnd);
            AssertNumbered(journal, positions);
            Assert.True(journal.Segments.Count > 4);
        }

        await using (Journal journal = f.Open())
        {
            AssertNumbered(journal, positions);
            positions.AddRange(Fill(journal, 100, first: 5000));
            journal.Write();
            AssertNumbered(journal, positions);
            Assert.Equal(journal.Segments.Select(s => s.End).SkipLast(1), journal.Segments.Select(s => s.Base).Skip(1));
        }

        Assert.Empty(f.Incidents);
    }

    [Fact]
    public async Task Records_of_every_length_are_read_one_by_one_from_memory_and_from_disk()
    {
        using JournalFixture f = new();
        List<long> positions = [];
        byte[] buffer = [];
        void Check(Journal journal)
        {
            for (int i = 0; i < positions.Count; i++)
            {
                Assert.True(journal.TryRead(positions[i], ref buffer, out RecordView record));
                Assert.True(record.Payload.SequenceEqual(Payload(i, i)));
                Assert.Equal(i + 1 < positions.Count ? positions[i + 1] : journal.End, record.End);
            }
        }

        await using (Journal journal = f.Open())
        {
            for (int i = 0; i < 600; i++)
            {
                positions.Add(journal.Append(7, Payload(i, i), i));
            }

            Check(journal);
            Assert.Equal(0, journal.WrittenEnd);
            journal.Write();
            Check(journal);
        }

        await using (Journal journal = f.Open())
        {
            Check(journal);
            Assert.False(journal.TryRead(journal.End, ref buffer, out _));
        }

        Assert.Empty(f.Incidents);
    }

    [Fact]
    public async Task A_reader_stops_at_what_the_kernel_has_and_goes_on_later()
    {
        using JournalFixture f = new();
        await using Journal journal = f.Open();
        JournalReader reader = journal.OpenReader(0);
        journal.Append(1, Payload(1), 0);
        Assert.False(reader.TryRead(out _));
        journal.Write();
        Assert.True(reader.TryRead(out _));
        Assert.False(reader.TryRead(out _));
        journal.Append(1, Payload(2), 0);
        journal.Write();
        Assert.True(reader.TryRead(out RecordView second));
        Assert.True(second.Payload.SequenceEqual(Payload(2)));
    }

    [Fact]
    public async Task A_requested_sync_comes_after_the_interval_though_nobody_waits()
    {
        using JournalFixture f = new();
        await using Journal journal = f.Open();
        TaskCompletionSource<long> synced = new();
        journal.Durable = p => synced.TrySetResult(p);
        journal.Append(1, Payload(1), 0);
        journal.RequestSync();
        journal.RequestSync();
        Assert.Equal(0, journal.DurableEnd);
        f.Time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(journal.End, await synced.Task.WaitAsync(Cancel));
    }

    [Fact]
    public async Task The_durable_callback_comes_before_the_waiters_and_may_fail()
    {
        using JournalFixture f = new();
        await using Journal journal = f.Open();
        long told = 0;
        journal.Durable = p =>
        {
            told = p;
            throw new InvalidOperationException("mine");
        };
        journal.Append(1, Payload(1), 0);
        await journal.WaitDurableAsync(journal.End, Cancel);
        Assert.Equal(journal.End, told);
        Assert.Single(f.Of(JournalIncidentKind.CallbackFailed));
    }

    [Fact]
    public async Task A_wait_can_be_cancelled_and_closing_ends_the_others()
    {
        using JournalFixture f = new();
        Journal journal = f.Open();
        using ManualResetEventSlim held = new();
        f.Storage.BeforeSync = () => held.Wait(Cancel);
        journal.Append(1, Payload(1), 0);
        using CancellationTokenSource own = new();
        Task cancelled = journal.WaitDurableAsync(journal.End, own.Token).AsTask();
        Task kept = journal.WaitDurableAsync(journal.End, Cancel).AsTask();
        await own.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled);
        held.Set();
        await kept;
        f.Storage.WriteFails = true;
        journal.Append(1, Payload(2), 0);
        Task lost = journal.WaitDurableAsync(journal.End, Cancel).AsTask();
        await journal.DisposeAsync();
        await Assert.ThrowsAsync<JournalException>(() => lost);
        Assert.Throws<ObjectDisposedException>(() => journal.Append(1, [], 0));
    }

    [Fact]
    public async Task Old_segments_are_deleted_whole_and_reading_begins_where_they_end()
    {
        using JournalFixture f = new();
        List<long> positions;
        await using (Journal journal = f.Open())
        {
            positions = Fill(journal, 4000);
            await journal.WaitDurableAsync(journal.End, Cancel);
            JournalReader early = journal.OpenReader(0);
            Assert.True(early.TryRead(out _));
            long third = journal.Segments[2].Base;
            journal.DeleteBefore(third + 8);
            Assert.Equal(third, journal.Begin);
            byte[] buffer = [];
            Assert.False(journal.TryRead(0, ref buffer, out _));
            Assert.Equal(positions.Where(p => p >= third), ReadAll(journal).Select(r => r.Position));
            journal.DeleteBefore(long.MaxValue);
            Assert.Single(journal.Segments);
        }

        await using (Journal journal = f.Open())
        {
            Assert.Single(journal.Segments);
            Assert.NotEmpty(ReadAll(journal));
        }

        Assert.Empty(f.Incidents);
    }

    [Fact]
    public async Task More_segments_than_may_be_open_are_read_by_several_threads_at_once()
    {
        using JournalFixture f = new();
        f.Options = f.Options with { MaxOpenSegments = 2 };
        await using Journal journal = f.Open();
        const int Total = 6000;
        Task[] readers = [.. Enumerable.Range(0, 4).Select(n => Task.Run(async () =>
        {
            JournalReader reader = journal.OpenReader(0);
            byte[] buffer = [];
            for (int i = 0; i < Total;)
            {
                if (reader.TryRead(out RecordView record))
                {
                    Assert.True(record.End <= journal.WrittenEnd);
                    Assert.True(record.Payload.SequenceEqual(Payload(i)));
                    if (n % 2 == 0 && i % 7 == 0)
                    {
                        long earlier = record.Position / 2 / 64 * 64;
                        Assert.True(journal.TryRead(earlier, ref buffer, out _));
                    }

                    i++;
                }
                else
                {
                    await Task.Yield();
                }
            }
        }, Cancel))];
        for (int i = 0; i < Total; i += 50)
        {
            Assert.All(Fill(journal, 50, first: i), p => Assert.Equal(0, p % 64));
            journal.Write();
            await Task.Yield();
        }

        await Task.WhenAll(readers);
        Assert.Empty(f.Incidents);
    }
}

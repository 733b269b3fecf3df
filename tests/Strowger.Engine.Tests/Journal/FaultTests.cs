using Microsoft.Win32.SafeHandles;
using Strowger.Engine.Journaling;
using static Strowger.Engine.Tests.Journaling.JournalFixture;

namespace Strowger.Engine.Tests.Journaling;

public class FaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(1500)]
    public async Task After_a_failed_sync_the_unsynced_records_stand_at_their_positions_in_a_new_segment(int syncedBefore)
    {
        using JournalFixture f = new();
        List<long> positions;
        await using (Journal journal = f.Open())
        {
            positions = Fill(journal, syncedBefore);
            await journal.WaitDurableAsync(journal.End, Cancel);
            long durable = journal.DurableEnd;
            JournalReader early = journal.OpenReader(0);
            positions.AddRange(Fill(journal, 20, first: syncedBefore));
            journal.Write();
            int seen = 0;
            while (seen < syncedBefore + 10 && early.TryRead(out _))
            {
                seen++;
            }

            // The kernel reports the failure and drops what it could not write.
            f.Storage.FailSyncs = 1;
            f.Storage.OnFailedSync = file => Wipe(file, Segment.OffsetOf(durable, journal.Segments[^1].Base));
            await journal.WaitDurableAsync(journal.End, Cancel);
            Assert.Equal(durable, journal.Segments[^1].Base);
            Assert.Equal(20 * 64, Assert.Single(f.Of(JournalIncidentKind.Moved)).Length);
            AssertNumbered(journal, positions);
            while (early.TryRead(out RecordView record))
            {
                Assert.Equal(positions[seen++], record.Position);
            }

            Assert.Equal(positions.Count, seen);
            positions.AddRange(Fill(journal, 20, first: positions.Count));
        }

        await using (Journal journal = f.Open())
        {
            AssertNumbered(journal, positions);
        }

        Assert.Single(f.Of(JournalIncidentKind.SyncFailed));
        Assert.Empty(f.Of(JournalIncidentKind.Damage));
    }

    [Fact]
    public async Task A_slow_disk_is_told_and_counted()
    {
        using JournalFixture f = new();
        await using Journal journal = f.Open();
        Fill(journal, 1);
        await journal.WaitDurableAsync(journal.End, Cancel);
        Assert.Empty(f.Of(JournalIncidentKind.SlowSync));
        Fill(journal, 1, first: 1);
        f.Storage.BeforeSync = () => f.Time.Advance(TimeSpan.FromMilliseconds(1500));
        await journal.WaitDurableAsync(journal.End, Cancel);
        f.Storage.BeforeSync = null;
        Assert.Contains("1.5 s", Assert.Single(f.Of(JournalIncidentKind.SlowSync)).Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMilliseconds(1500), journal.SyncTimes.Longest);
        Assert.Equal(2, journal.SyncTimes.Counts.Sum());
        Assert.Equal(1, journal.SyncTimes.Counts[SyncTimes.Bounds.ToList().IndexOf(2)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_the_disk_fails_nothing_is_taken_and_nothing_is_lost(bool syncs)
    {
        using JournalFixture f = new();
        List<long> positions;
        await using (Journal journal = f.Open())
        {
            positions = Fill(journal, 10);
            await journal.WaitDurableAsync(journal.End, Cancel);
            f.Storage.SyncFails = syncs;
            f.Storage.WriteFails = !syncs;
            positions.AddRange(Fill(journal, 10, first: 10));
            Task waiting = journal.WaitDurableAsync(journal.End, Cancel).AsTask();
            await f.WaitForSpaceAsync(JournalSpace.Stopped);
            Assert.Throws<JournalFullException>(() => journal.Append(1, [], 0));
            f.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(waiting.IsCompleted);
            f.Storage.SyncFails = false;
            f.Storage.WriteFails = false;
            f.Time.Advance(TimeSpan.FromSeconds(1));
            await waiting;
            await f.WaitForSpaceAsync(JournalSpace.Normal);
            positions.AddRange(Fill(journal, 10, first: 20));
        }

        await using (Journal journal = f.Open())
        {
            AssertNumbered(journal, positions);
        }

        Assert.Empty(f.Of(JournalIncidentKind.Damage));
    }

    [Fact]
    public async Task A_write_the_disk_refuses_is_told_to_its_caller_and_made_good_later()
    {
        using JournalFixture f = new();
        await using Journal journal = f.Open();
        List<long> positions = Fill(journal, 5);
        f.Storage.WriteFails = true;
        Assert.Throws<JournalException>(journal.Write);
        Assert.Equal(JournalSpace.Stopped, journal.Space);
        f.Storage.WriteFails = false;
        journal.Write();
        AssertNumbered(journal, positions);
        f.Time.Advance(TimeSpan.FromSeconds(1));
        await f.WaitForSpaceAsync(JournalSpace.Normal);
    }

    [Fact]
    public async Task A_process_killed_after_a_failed_sync_leaves_a_segment_that_is_copied_not_trusted()
    {
        using JournalFixture f = new();
        Journal journal = f.Open();
        List<long> positions = Fill(journal, 10);
        await journal.WaitDurableAsync(journal.End, Cancel);
        positions.AddRange(Fill(journal, 10, first: 10));
        journal.Write();
        f.Storage.SyncFails = true;
        Task waiting = journal.WaitDurableAsync(journal.End, Cancel).AsTask();
        await f.WaitForSpaceAsync(JournalSpace.Stopped);
        await journal.AbandonAsync();
        await Assert.ThrowsAsync<JournalException>(() => waiting);
        f.Storage.SyncFails = false;
        f.ForgetIncidents();
        for (int i = 0; i < 2; i++)
        {
            await using Journal again = f.Open();
            AssertNumbered(again, positions);
            Assert.Single(f.Of(JournalIncidentKind.Moved));
        }
    }

    [Fact]
    public async Task A_full_disk_leaves_a_reserve_then_stops_and_returns_when_there_is_space()
    {
        using JournalFixture f = new();
        List<long> positions = [];
        await using (Journal journal = f.Open())
        {
            journal.PrepareSpare();
            f.Storage.DiskFull = true;

            // The spare allocated before is used up first.
            while (journal.Segments.Count == 1)
            {
                Assert.Equal(JournalSpace.Normal, journal.Space);
                positions.AddRange(Fill(journal, 1, first: positions.Count));
                await journal.WaitDurableAsync(journal.End, Cancel);
            }

            await f.WaitForSpaceAsync(JournalSpace.OutcomesOnly);
            int reserve = 0;
            while (journal.Space == JournalSpace.OutcomesOnly)
            {
                try
                {
                    positions.AddRange(Fill(journal, 1, first: positions.Count));
                    reserve++;
                }
                catch (JournalFullException)
                {
                    Assert.Equal(JournalSpace.Stopped, journal.Space);
                }
            }

            Assert.True(reserve > 900);
            await journal.WaitDurableAsync(journal.End, Cancel);
            f.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(JournalSpace.Stopped, journal.Space);
            f.Storage.DiskFull = false;
            f.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(JournalSpace.Normal, journal.Space);
            positions.AddRange(Fill(journal, 50, first: positions.Count));
            await journal.WaitDurableAsync(journal.End, Cancel);
            Assert.Single(f.Of(JournalIncidentKind.SpareFailed));
        }

        await using (Journal journal = f.Open())
        {
            AssertNumbered(journal, positions);
        }
    }

    [Fact]
    public async Task Opening_on_a_full_disk_takes_outcomes_if_there_is_a_segment_and_refuses_if_not()
    {
        using JournalFixture f = new();
        f.Storage.DiskFull = true;
        Assert.Contains("No space left", Assert.Throws<JournalException>(f.Open).Message, StringComparison.Ordinal);
        f.Storage.DiskFull = false;
        await using (Journal journal = f.Open())
        {
            Fill(journal, 5);
        }

        f.Storage.DiskFull = true;
        await using (Journal journal = f.Open())
        {
            journal.PrepareSpare();
            Assert.Equal(JournalSpace.OutcomesOnly, journal.Space);
            Fill(journal, 1, first: 5);
            await journal.WaitDurableAsync(journal.End, Cancel);
        }
    }

    [Fact]
    public async Task Appends_in_memory_when_the_disk_fills_are_kept_until_there_is_space()
    {
        using JournalFixture f = new();
        await using Journal journal = f.Open();
        journal.PrepareSpare();
        f.Storage.DiskFull = true;
        List<long> positions = Fill(journal, 3000);
        Task waiting = journal.WaitDurableAsync(journal.End, Cancel).AsTask();
        await f.WaitForSpaceAsync(JournalSpace.Stopped);
        Assert.Throws<JournalFullException>(() => journal.Append(1, [], 0));
        f.Storage.DiskFull = false;
        f.Time.Advance(TimeSpan.FromSeconds(1));
        await waiting;
        AssertNumbered(journal, positions);
    }

    [Fact]
    public async Task What_waits_for_a_slow_disk_is_bounded()
    {
        using JournalFixture f = new();
        f.Options = f.Options with { MaxUnsyncedBytes = 64 * 1024 };
        using ManualResetEventSlim held = new();
        await using Journal journal = f.Open();
        f.Storage.BeforeSync = () => held.Wait(Cancel);
        Assert.Throws<JournalFullException>(() => Fill(journal, 2000));
        Assert.Equal(64 * 1024, journal.End);
        Task waiting = journal.WaitDurableAsync(journal.End, Cancel).AsTask();
        held.Set();
        await waiting;
        journal.Append(1, [], 0);
    }

    [Fact]
    public async Task Short_writes_are_gone_on_with()
    {
        using JournalFixture f = new();
        f.Storage.MaxWriteBytes = 100;
        List<long> positions;
        await using (Journal journal = f.Open())
        {
            positions = Fill(journal, 1500);
        }

        await using (Journal journal = f.Open())
        {
            AssertNumbered(journal, positions);
        }

        Assert.Empty(f.Incidents);
    }

    private static void Wipe(SafeFileHandle file, long offset) => RandomAccess.Write(file, new byte[20 * 64], offset);
}

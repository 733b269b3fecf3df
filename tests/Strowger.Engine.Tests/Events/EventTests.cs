using System.Text;

namespace Strowger.Engine.Tests.Events;

public sealed class EventTests
{
    private static List<(EntryKind Kind, int Code)> History(EngineFixture f, JobId id)
    {
        var all = new List<(EntryKind, int)>();
        JobHistory.Read(f.Engine, id, (in EngineEvent e) => all.Add((e.Kind, e.Code)));
        return all;
    }

    [Fact]
    public async Task A_job_tells_its_history_backwards_after_it_has_ended_and_after_a_restart()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("x");
        var stage = f.Stage();
        EngineFixture.Complete(stage, f.Take(stage), Outcome.Done(3));
        var receipt = new EventBatch();
        receipt.Add(id, 42, "DELIVRD"u8);
        await f.Engine.WaitDurableAsync(f.Engine.Append(receipt));
        List<(EntryKind, int)> expected = [(EntryKind.Event, 42), (EntryKind.Done, 3), (EntryKind.Leased, 0), (EntryKind.Accepted, 0)];
        Assert.Equal(expected, History(f, id));
        await f.RestartAsync(kill: true);
        Assert.Equal(expected, History(f, id));
        await f.RestartAsync(kill: false);
        Assert.Equal(expected, History(f, id));
    }

    [Fact]
    public async Task Two_events_about_one_job_in_one_batch_are_both_in_its_history()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("x");
        var batch = new EventBatch();
        batch.Add(id, 1, default);
        batch.Add(id, 2, default);
        batch.Add(default, 3, default);
        f.Engine.Append(batch);
        Assert.Equal([2, 1, 0], History(f, id).Select(e => e.Code));
    }

    [Fact]
    public async Task A_client_goes_on_after_the_last_event_it_saw()
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 5; i++)
        {
            await f.AddAsync("x");
        }

        var stage = f.Stage();
        EngineFixture.Complete(stage, f.Take(stage), Outcome.Done());
        f.Engine.Journal.Write();
        var positions = new List<EventPosition>();
        var reader = EventReader.From(f.Engine, 0, durableOnly: false);
        while (reader.ReadRecord((in EngineEvent e) => positions.Add(e.Position)))
        {
        }

        Assert.Equal(15, positions.Count);
        Assert.Equal(positions.Order(), positions);
        for (var i = 0; i < positions.Count; i++)
        {
            var rest = new List<EventPosition>();
            EventHandling add = (in EngineEvent e) => rest.Add(e.Position);
            var after = EventReader.After(f.Engine, positions[i], add, durableOnly: false);
            while (after.ReadRecord(add))
            {
            }

            Assert.Equal(positions.Skip(i + 1), rest);
        }
    }

    [Fact]
    public async Task A_projection_follows_from_its_cursor_and_survives_its_own_failure()
    {
        await using var f = new EngineFixture();
        var projection = new Counting();
        var failed = 0;
        await using (var host = new ProjectionHost(f.Engine, projection, _ => failed++))
        {
            for (var i = 0; i < 20; i++)
            {
                await f.AddAsync("x");
            }

            await projection.Reached(20).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.Equal(0, failed);
        }

        Assert.Equal(20, projection.Total);
        Assert.True(projection.LoadCursor() > 0);
    }

    private sealed class Counting : Projection
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _open;
        private long _cursor;
        private int _goal = int.MaxValue;

        public int Total { get; private set; }

        public override string Name => "counting";

        public override long LoadCursor() => _cursor;

        public Task Reached(int goal)
        {
            lock (_reached)
            {
                _goal = goal;
                if (Total >= goal)
                {
                    _reached.TrySetResult();
                }
            }

            return _reached.Task;
        }

        public override void Apply(in EngineEvent item) => _open += item.Kind == EntryKind.Accepted ? 1 : 0;

        public override void Commit(long cursor)
        {
            lock (_reached)
            {
                Total += _open;
                _open = 0;
                _cursor = cursor;
                if (Total >= _goal)
                {
                    _reached.TrySetResult();
                }
            }
        }
    }

    [Fact]
    public async Task What_happens_by_itself_reaches_the_disk_though_nothing_else_does()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("expires", expiresMs: f.Time.GetUtcNow().AddSeconds(10).ToUnixTimeMilliseconds());
        var unsure = await f.AddAsync("unsure");
        var stage = f.Stage(new StageOptions { Name = "s", Width = 10, UrgentSlots = 0, WhenUnsure = WhenUnsure.Hold });
        var lease = f.Take(stage).Single(l => l.Id == unsure);
        EngineFixture.Complete(stage, [lease], Outcome.Unsure());
        await DurableAsync(f, EntryKind.Unsure);
        stage.Pause();
        await f.AddAsync("expires too", expiresMs: f.Time.GetUtcNow().AddSeconds(3).ToUnixTimeMilliseconds());
        f.Pass(TimeSpan.FromSeconds(4));
        await DurableAsync(f, EntryKind.Expired);
        f.Pass(TimeSpan.FromSeconds(2));
        await DurableAsync(f, EntryKind.Dead);
    }

    [Fact]
    public async Task A_settled_job_that_must_go_again_wakes_its_stage_and_is_on_disk()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("x");
        var stage = f.Stage();
        EngineFixture.Complete(stage, f.Take(stage), Outcome.Unsure());
        var next = stage.LeaseAsync(new Lease[1], CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);
        Assert.True(f.Engine.Settle(id, Outcome.Busy(0x58)));
        await DurableAsync(f, EntryKind.Busy);
        Assert.Equal(1, await next);
    }

    /// <summary>Only the sync interval passes; no one else asks for a sync.</summary>
    private static async Task DurableAsync(EngineFixture f, EntryKind kind)
    {
        var reader = EventReader.From(f.Engine, 0);
        var seen = false;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!seen)
        {
            Assert.False(patience.IsCancellationRequested, $"{kind} is not on disk");
            f.Time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
            while (reader.ReadRecord((in EngineEvent e) => seen |= e.Kind == kind))
            {
            }
        }
    }
}

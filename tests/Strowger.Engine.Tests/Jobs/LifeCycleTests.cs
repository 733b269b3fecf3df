namespace Strowger.Engine.Tests.Jobs;

public sealed class LifeCycleTests
{
    private static readonly StageOptions _stage = new() { Name = "s", Width = 100, UrgentSlots = 0, MaxAttempts = 2, Backoff = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1)) };

    [Fact]
    public async Task A_job_is_handed_out_once_and_done()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("hello");
        var stage = f.Stage(_stage);
        var lease = Assert.Single(f.Take(stage));
        Assert.Equal("hello", f.BodyOf(lease));
        Assert.Equal(JobState.Leased, f.Engine.Find(id).State);
        Assert.Empty(f.Take(stage));
        Assert.Equal(0, EngineFixture.Complete(stage, [lease], Outcome.Done(7), "taken"));
        Assert.Equal(JobState.Done, f.Engine.Find(id).State);
        Assert.Equal(0, f.Engine.GetQueue("q")!.Live);
        Assert.Equal([EntryKind.Accepted, EntryKind.Leased, EntryKind.Done], f.Events().Select(e => e.Kind));
    }

    [Fact]
    public async Task A_completion_with_an_old_token_is_refused()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("x");
        var stage = f.Stage(_stage);
        var first = f.Take(stage);
        EngineFixture.Complete(stage, first, Outcome.Unreachable());
        var second = f.Take(stage);
        Assert.Equal(1, EngineFixture.Complete(stage, first, Outcome.Done()));
        Assert.Equal(JobState.Leased, f.Engine.Find(second[0].Id).State);
        Assert.Equal(0, EngineFixture.Complete(stage, second, Outcome.Done()));
        Assert.Equal(0, stage.InFlight);
    }

    [Fact]
    public async Task Retry_waits_by_backoff_and_gives_up_after_the_last_attempt()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("x");
        var stage = f.Stage(_stage);
        EngineFixture.Complete(stage, f.Take(stage), Outcome.Retry(8));
        Assert.Equal(JobState.Scheduled, f.Engine.Find(id).State);
        f.Pass(TimeSpan.FromSeconds(4.9));
        Assert.Empty(f.Take(stage));
        f.Pass(TimeSpan.FromSeconds(6));
        EngineFixture.Complete(stage, f.Take(stage), Outcome.Retry(8));
        Assert.Equal(JobState.Dead, f.Engine.Find(id).State);
    }

    [Fact]
    public async Task Busy_and_unreachable_are_no_attempt_and_keep_the_place()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("first");
        await f.AddAsync("second");
        var stage = f.Stage(_stage with { Width = 1 });
        for (var i = 0; i < 10; i++)
        {
            var lease = Assert.Single(f.Take(stage));
            Assert.Equal("first", f.BodyOf(lease));
            Assert.Equal(1, lease.Attempt);
            EngineFixture.Complete(stage, [lease], i % 2 == 0 ? Outcome.Unreachable() : Outcome.Narrow(20));
            f.Pass(TimeSpan.FromSeconds(3));
        }
    }

    [Fact]
    public async Task A_delayed_job_waits_for_the_wall_clock_even_when_it_jumps()
    {
        await using var f = new EngineFixture();
        var due = f.Time.GetUtcNow().AddHours(2).ToUnixTimeMilliseconds();
        var id = await f.AddAsync("later", dueMs: due);
        var stage = f.Stage(_stage);
        Assert.Equal(JobState.Scheduled, f.Engine.Find(id).State);
        f.Pass(TimeSpan.FromHours(1));
        Assert.Empty(f.Take(stage));
        f.Time.JumpWall(TimeSpan.FromHours(1));
        f.Engine.RunTimers();
        Assert.Single(f.Take(stage));
    }

    [Fact]
    public async Task An_expired_job_is_never_handed_out()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("old", expiresMs: f.Time.GetUtcNow().AddSeconds(10).ToUnixTimeMilliseconds());
        var next = await f.AddAsync("fresh");
        f.Time.Advance(TimeSpan.FromSeconds(20));
        var stage = f.Stage(_stage);
        Assert.Equal(["fresh"], f.Bodies(stage));
        Assert.Equal(JobState.Expired, f.Engine.Find(id).State);
        Assert.Equal(JobState.Leased, f.Engine.Find(next).State);
        Assert.Equal(1, f.Engine.GetQueue("q")!.Live);
    }

    [Fact]
    public async Task Cancelling_takes_a_waiting_job_out_and_no_other()
    {
        await using var f = new EngineFixture();
        var ids = new List<JobId>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await f.AddAsync(FormattableString.Invariant($"{i}")));
        }

        Assert.True(await f.Engine.CancelAsync(ids[0]));
        Assert.True(await f.Engine.CancelAsync(ids[2]));
        Assert.False(await f.Engine.CancelAsync(ids[2]));
        var stage = f.Stage(_stage);
        Assert.Equal(["1", "3", "4"], f.Bodies(stage));
        Assert.False(await f.Engine.CancelAsync(ids[1]));
        Assert.Equal(JobState.Cancelled, f.Engine.Find(ids[0]).State);
        Assert.Equal(3, f.Engine.GetQueue("q")!.Live);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_the_door_and_a_batch_says_where_it_stopped()
    {
        await using var f = new EngineFixture();
        f.Engine.ChangeQueue("q", bound: 3);
        var batch = new JobBatch();
        var flow = f.Engine.Flow("q", Lane.Bulk, "c");
        for (var i = 0; i < 5; i++)
        {
            batch.Add(new NewJob { Flow = flow, Body = "x"u8 });
        }

        var result = await f.Engine.EnqueueAsync(batch);
        Assert.Equal(3, result.Results.Count);
        Assert.Equal(EnqueueStatus.QueueFull, result.Stopped);
        Assert.Equal(EnqueueStatus.QueueFull, (await f.TryAddAsync("y")).Status);
    }

    [Fact]
    public async Task A_unique_key_finds_the_first_job_and_refuses_other_content()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("a", key: 99, content: 1);
        Assert.Equal(new EnqueueResult(EnqueueStatus.Repeated, id), await f.TryAddAsync("a", key: 99, content: 1));
        Assert.Equal(EnqueueStatus.KeyReused, (await f.TryAddAsync("b", key: 99, content: 2)).Status);
        await f.RestartAsync(kill: true);
        Assert.Equal(new EnqueueResult(EnqueueStatus.Repeated, id), await f.TryAddAsync("a", key: 99, content: 1));
        await f.RestartAsync(kill: false);
        Assert.Equal(EnqueueStatus.KeyReused, (await f.TryAddAsync("b", key: 99, content: 2)).Status);
        f.Time.Advance(TimeSpan.FromHours(25));
        await f.AddAsync("c", key: 100);
        Assert.Equal(EnqueueStatus.Accepted, (await f.TryAddAsync("b", key: 99, content: 2)).Status);
    }

    [Fact]
    public async Task Parts_are_handed_out_one_by_one_under_one_parent()
    {
        await using var f = new EngineFixture();
        var parent = await f.AddAsync("long", parts: 3);
        var next = await f.AddAsync("next");
        Assert.Equal(parent.Value + 3, next.Value);
        var leases = f.Take(f.Stage(_stage), 3);
        Assert.Equal([0, 1, 2], leases.Select(l => (int)l.Part));
        Assert.All(leases, l => Assert.Equal(parent, l.Parent));
        Assert.All(leases, l => Assert.Equal("long", f.BodyOf(l)));
    }

    [Fact]
    public async Task A_job_that_one_way_refuses_goes_by_another_and_dies_when_none_is_left()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("x");
        var a = f.Stage(_stage with { Name = "a" });
        var b = f.Stage(_stage with { Name = "b" });
        EngineFixture.Complete(a, f.Take(a), Outcome.RouteFault(10));
        Assert.Empty(f.Take(a));
        var lease = f.Take(b);
        Assert.Single(lease);
        EngineFixture.Complete(b, lease, Outcome.RouteFault(11));
        Assert.Equal(JobState.Dead, f.Engine.Find(id).State);
        Assert.Equal(0, f.Engine.GetQueue("q")!.Live);
    }
}

namespace Strowger.Engine.Tests.Stages;

public sealed class HandOutTests
{
    [Fact]
    public async Task Urgent_goes_first_and_owns_the_last_slots()
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 20; i++)
        {
            await f.AddAsync("bulk", Lane.Bulk);
        }

        var stage = f.Stage(new StageOptions { Name = "s", Width = 10, UrgentSlots = 2 });
        Assert.Equal(8, f.Take(stage).Count);
        await f.AddAsync("code", Lane.Urgent);
        Assert.Equal(["code"], f.Bodies(stage));
    }

    [Fact]
    public async Task Lower_lanes_keep_their_share_while_urgent_work_waits()
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 300; i++)
        {
            await f.AddAsync("u", Lane.Urgent);
            await f.AddAsync("n", Lane.Normal);
            await f.AddAsync("b", Lane.Bulk);
        }

        var bodies = f.Bodies(f.Stage(), 200);
        Assert.InRange(bodies.Count(b => b == "n"), 10, 30);
        Assert.InRange(bodies.Count(b => b == "b"), 5, 15);
    }

    /// <summary>A thread may be held up between two looks at the clock: seen as a channel that stood still with texts waiting.</summary>
    [Fact]
    public async Task A_stage_whose_token_comes_while_it_looks_is_told_to_look_again()
    {
        const int Count = 60;
        await using var f = new EngineFixture();
        for (var i = 0; i < Count; i++)
        {
            await f.AddAsync("text");
        }

        var stage = f.Stage(new StageOptions { Name = "s", Width = 1, UrgentSlots = 0, Rate = 1000, Bucket = TimeSpan.FromMilliseconds(100) });
        f.Time.TicksPerLook = TimeSpan.TicksPerMillisecond / 10;
        var leases = new Lease[1];
        for (var taken = 0; taken < Count;)
        {
            var count = stage.TryLease(leases, null, out var wait);
            Assert.True(count > 0 || wait != Timeout.InfiniteTimeSpan, $"after {taken} nobody would look again");
            taken += count;
            EngineFixture.Complete(stage, leases.Take(count), Outcome.Done());
        }
    }

    [Fact]
    public async Task What_one_stage_gives_back_is_offered_to_the_others_of_its_queue_at_once()
    {
        await using var f = new EngineFixture();
        var first = f.Stage(new StageOptions { Name = "first", Width = 1, UrgentSlots = 0 });
        await f.AddAsync("text");
        var taken = f.Take(first);
        var second = f.Stage(new StageOptions { Name = "second", Width = 1, UrgentSlots = 0 });
        var leases = new Lease[1];
        var waiting = second.LeaseAsync(leases, TestContext.Current.CancellationToken).AsTask();
        first.SetCapacity(0);
        EngineFixture.Complete(first, taken, Outcome.Unreachable());
        Assert.Equal(1, await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(2_000, 100, 4)]
    [InlineData(2_000, 16, 1)]
    [InlineData(100, 100, 10)]
    public async Task A_fast_stage_waits_until_it_can_take_several(double rate, int bucketMs, double waitMs)
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 200; i++)
        {
            await f.AddAsync("bulk", Lane.Bulk);
        }

        var stage = f.Stage(new StageOptions { Name = "s", Width = 1000, UrgentSlots = 0, Rate = rate / Strowger.Engine.Limits.Pacer.Margin, Bucket = TimeSpan.FromMilliseconds(bucketMs) });
        f.Take(stage);
        var leases = new Lease[100];
        Assert.Equal(0, stage.TryLease(leases, null, out var wait));
        Assert.Equal(waitMs, wait.TotalMilliseconds, 0.1);
        f.Pass(wait);
        Assert.Equal((int)(rate * wait.TotalSeconds), f.Take(stage).Count);

        // What is urgent takes the tokens that have gathered, whoever waits for more.
        f.Pass(TimeSpan.FromSeconds(1.1 / rate));
        await f.AddAsync("code", Lane.Urgent);
        Assert.Equal(["code"], f.Bodies(stage));
    }

    [Fact]
    public async Task A_small_flow_is_not_held_up_by_a_large_one()
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 500; i++)
        {
            await f.AddAsync("large", Lane.Bulk, "campaign-1");
        }

        for (var i = 0; i < 5; i++)
        {
            await f.AddAsync("small", Lane.Bulk, "campaign-2");
        }

        Assert.Equal(5, f.Bodies(f.Stage(), 20).Count(b => b == "small"));
    }

    [Fact]
    public async Task A_flow_has_no_more_in_hand_than_its_width()
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 20; i++)
        {
            await f.AddAsync("slow", flow: "a");
        }

        var stage = f.Stage(new StageOptions { Name = "s", Width = 10, UrgentSlots = 0, FlowWidth = 3 });
        var slow = f.Take(stage);
        Assert.Equal(3, slow.Count);
        await f.AddAsync("fast", flow: "b");
        Assert.Equal(["fast"], f.Bodies(stage));
        EngineFixture.Complete(stage, slow[..1], Outcome.Done());
        EngineFixture.Complete(stage, slow[1..2], Outcome.Retry());
        Assert.Equal(["slow", "slow"], f.Bodies(stage));
    }

    [Fact]
    public async Task A_flow_without_tokens_sleeps_holds_up_nobody_and_takes_from_all_its_buckets_or_none()
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 10; i++)
        {
            await f.AddAsync("limited", Lane.Bulk, "a");
            await f.AddAsync("free", Lane.Bulk, "b");
        }

        var customer = new Strowger.Engine.Limits.TokenBucket("customer", rate: 2, capacity: 3, f.Time);
        var sender = new Strowger.Engine.Limits.TokenBucket("sender", rate: 1, capacity: 1, f.Time);
        f.Engine.SetLimits(f.Engine.Flow("q", Lane.Bulk, "a"), customer, sender);
        var stage = f.Stage();
        Assert.Equal(["free", "limited"], f.Bodies(stage).Distinct().Order());
        Assert.Equal(9, f.Engine.GetQueue("q")!.Ready);
        f.Pass(TimeSpan.FromSeconds(0.9));
        Assert.Empty(f.Bodies(stage));
        f.Pass(TimeSpan.FromSeconds(0.2));
        Assert.Equal(["limited"], f.Bodies(stage));
        Assert.Equal(8, f.Engine.GetQueue("q")!.Ready);
    }

    [Fact]
    public async Task Work_waits_for_a_pause_to_end_and_for_room_at_the_other_side()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("x");
        var stage = f.Stage();
        stage.Pause();
        Assert.Empty(f.Take(stage));
        stage.Resume();
        stage.SetCapacity(0);
        Assert.Empty(f.Take(stage));
        f.Engine.ChangeQueue("q", paused: true);
        stage.SetCapacity(10);
        Assert.Empty(f.Take(stage));
        f.Engine.ChangeQueue("q", paused: false);
        Assert.Single(f.Take(stage));
    }

    [Fact]
    public async Task A_waiting_lease_wakes_when_work_comes_and_when_cancelled()
    {
        await using var f = new EngineFixture();
        var stage = f.Stage();
        var leases = new Lease[4];
        var waiting = stage.LeaseAsync(leases, TestContext.Current.CancellationToken).AsTask();
        Assert.False(waiting.IsCompleted);
        await f.AddAsync("x");
        Assert.Equal(1, await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        using var cancel = new CancellationTokenSource();
        var second = stage.LeaseAsync(leases, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public async Task A_lease_that_ends_gives_the_job_back()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("x");
        var stage = f.Stage();
        var leases = new Lease[1];
        Assert.Equal(1, stage.TryLease(leases, TimeSpan.FromSeconds(30)));
        f.Time.JumpWall(TimeSpan.FromHours(1));
        f.Engine.RunTimers();
        Assert.Empty(f.Take(stage));
        f.Pass(TimeSpan.FromSeconds(31));
        Assert.Equal(2, Assert.Single(f.Take(stage)).Attempt);
        Assert.Equal(1, EngineFixture.Complete(stage, leases, Outcome.Done()));
    }

    [Fact]
    public async Task An_unsure_job_is_settled_by_a_late_answer()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("x");
        var stage = f.Stage();
        EngineFixture.Complete(stage, f.Take(stage), Outcome.Unsure(1));
        Assert.Equal(JobState.Unsure, f.Engine.Find(id).State);
        Assert.True(f.Engine.Settle(id, Outcome.Done(), "late"u8));
        Assert.False(f.Engine.Settle(id, Outcome.Done()));
        Assert.Equal(JobState.Done, f.Engine.Find(id).State);
    }

    [Theory]
    [InlineData(WhenUnsure.Resend, 4, JobState.Dead)]
    [InlineData(WhenUnsure.Hold, 1, JobState.Dead)]
    public async Task An_unsure_job_is_resent_so_often_or_held(WhenUnsure when, int hands, JobState end)
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("x");
        var stage = f.Stage(new StageOptions { Name = "s", WhenUnsure = when, MaxResends = 3, UnsureGrace = TimeSpan.FromSeconds(5) });
        var handed = 0;
        for (var i = 0; i < 10 && f.Take(stage) is { Count: 1 } leases; i++)
        {
            handed++;
            EngineFixture.Complete(stage, leases, Outcome.Unsure());
            Assert.Empty(f.Take(stage));
            f.Pass(TimeSpan.FromSeconds(6));
        }

        Assert.Equal(hands, handed);
        Assert.Equal(end, f.Engine.Find(id).State);
    }

    [Fact]
    public async Task An_unsure_job_has_its_grace_from_when_the_other_side_is_there_again_but_does_not_wait_for_ever()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("x");
        var stage = f.Stage(new StageOptions { Name = "s", UnsureGrace = TimeSpan.FromSeconds(5), UnsureGraceDown = TimeSpan.FromMinutes(1) });
        EngineFixture.Complete(stage, f.Take(stage), Outcome.Unsure());
        stage.SetCapacity(0);
        f.Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(JobState.Unsure, f.Engine.Find(id).State);
        stage.SetCapacity(1);
        f.Pass(TimeSpan.FromSeconds(4));
        f.Pass(TimeSpan.FromSeconds(0.5));
        Assert.Equal(JobState.Unsure, f.Engine.Find(id).State);
        f.Pass(TimeSpan.FromSeconds(1));
        var leases = f.Take(stage);
        Assert.Single(leases);

        EngineFixture.Complete(stage, leases, Outcome.Unsure());
        stage.SetCapacity(0);
        f.Pass(TimeSpan.FromSeconds(59));
        Assert.Equal(JobState.Unsure, f.Engine.Find(id).State);
        f.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(JobState.Ready, f.Engine.Find(id).State);
    }

    [Fact]
    public async Task A_handler_runs_jobs_within_its_width_and_the_breaker_opens()
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 40; i++)
        {
            await f.AddAsync("x");
        }

        var stage = f.Stage(new StageOptions { Name = "s", Width = 4, BreakerFailures = 5, Backoff = new(TimeSpan.Zero, TimeSpan.Zero) });
        var calls = 0;
        var most = 0;
        var now = 0;
        var done = new TaskCompletionSource();
        await using var runner = new StageRunner(f.Engine, stage, async (_, cancel) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            if (Interlocked.Increment(ref calls) == 40)
            {
                done.SetResult();
            }

            return Outcome.Done();
        });
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.InRange(most, 1, 4);
    }

    [Fact]
    public async Task What_one_way_refused_is_its_again_when_no_other_is_left()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("x");
        var a = f.Stage(new StageOptions { Name = "a", Width = 10, UrgentSlots = 0 });
        var b = f.Stage(new StageOptions { Name = "b", Width = 10, UrgentSlots = 0 });
        EngineFixture.Complete(a, f.Take(a), Outcome.RouteFault(11));
        Assert.Empty(f.Take(a));
        var waiting = a.LeaseAsync(new Lease[1], CancellationToken.None).AsTask();
        f.Engine.RemoveStage(b);
        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task A_stage_that_is_taken_away_leaves_what_it_held_unsure_and_decided_as_it_wanted()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("x");
        var stage = f.Stage(new StageOptions { Name = "s", Width = 10, UrgentSlots = 0, WhenUnsure = WhenUnsure.Hold });
        var leases = f.Take(stage);
        f.Engine.RemoveStage(stage);
        Assert.Equal(JobState.Unsure, f.Engine.Find(id).State);
        Assert.Equal(1, EngineFixture.Complete(stage, leases, Outcome.Done()));
        f.Pass(TimeSpan.FromSeconds(6));
        Assert.Equal(JobState.Dead, f.Engine.Find(id).State);
    }

    [Fact]
    public async Task Expiries_of_finished_jobs_take_no_memory()
    {
        await using var f = new EngineFixture();
        var stage = f.Stage(new StageOptions { Name = "s", Width = 100_000, UrgentSlots = 0 });
        var tomorrow = f.Time.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds();
        var kept = await f.AddAsync("stays", expiresMs: tomorrow, dueMs: tomorrow - 1000);
        var batch = new JobBatch();
        for (var i = 0; i < JobBatch.MaxJobs; i++)
        {
            batch.Add(new NewJob { Flow = f.Engine.Flow("q", Lane.Normal, ""), ExpiresMs = tomorrow });
        }

        for (var round = 0; round < 20; round++)
        {
            await f.Engine.EnqueueAsync(batch);
            EngineFixture.Complete(stage, f.Take(stage, 20_000), Outcome.Done());
            f.Engine.RunTimers();
        }

        Assert.InRange(f.Engine.State.Timers.Count, 2, 100_000);
        stage.Pause();
        f.Time.Advance(TimeSpan.FromDays(1.01));
        for (var turn = 0; turn < 100 && f.Engine.Find(kept).State != JobState.Expired; turn++)
        {
            f.Engine.RunTimers();
        }

        Assert.Equal(JobState.Expired, f.Engine.Find(kept).State);
    }

    [Fact]
    public async Task A_full_queue_at_the_other_side_narrows_once_a_round_trip_and_at_last_waits()
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 64; i++)
        {
            await f.AddAsync("x");
        }

        var stage = f.Stage(new StageOptions { Name = "s", Width = 64, UrgentSlots = 0 });
        stage.RoundTrip = TimeSpan.FromMilliseconds(20);
        EngineFixture.Complete(stage, f.Take(stage), Outcome.Narrow());
        Assert.Equal(32, stage.Width);
        for (var width = 16; width >= 1; width /= 2)
        {
            f.Pass(TimeSpan.FromMilliseconds(20));
            EngineFixture.Complete(stage, f.Take(stage), Outcome.Narrow());
            Assert.Equal(width, stage.Width);
        }

        f.Pass(TimeSpan.FromMilliseconds(20));
        EngineFixture.Complete(stage, f.Take(stage), Outcome.Narrow());
        Assert.Empty(f.Take(stage));
        f.Pass(TimeSpan.FromMilliseconds(101));
        Assert.Single(f.Take(stage));
    }
}

using System.Text;

namespace Strowger.Engine.Tests.Stages;

/// <summary>Leases in the hands of other processes: they end by time, are extended, and outlive the engine.</summary>
public sealed class HeldLeaseTests
{
    private static readonly TimeSpan _life = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_lease_that_is_extended_ends_later_and_one_timer_serves_it()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("x");
        var stage = Held(f);
        var lease = Assert.Single(Take(stage));
        Assert.Equal(f.Time.GetUtcNow().ToUnixTimeMilliseconds() + 30_000, lease.UntilMs);
        var timers = f.Engine.State.Timers.Count;
        for (var i = 0; i < 10; i++)
        {
            f.Pass(TimeSpan.FromSeconds(20));
            Assert.True(stage.TryExtend(lease.Id, lease.Token, _life, Encoding.UTF8.GetBytes($"{i}"), out var until));
            Assert.Equal(f.Time.GetUtcNow().ToUnixTimeMilliseconds() + 30_000, until);
        }

        Assert.True(f.Engine.State.Timers.Count <= timers);

        // A shorter one shortens nothing that was promised.
        Assert.True(stage.TryExtend(lease.Id, lease.Token, TimeSpan.FromSeconds(1), default, out var still));
        Assert.Equal(f.Time.GetUtcNow().ToUnixTimeMilliseconds() + 30_000, still);
        f.Pass(TimeSpan.FromSeconds(29));
        Assert.Empty(Take(stage));
        f.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(2, Assert.Single(Take(stage)).Attempt);
        Assert.False(stage.TryExtend(lease.Id, lease.Token, _life, default, out _));
        Assert.Equal(1, EngineFixture.Complete(stage, [lease], Outcome.Done()));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ""], f.Events().Where(e => e.Kind == EntryKind.Touched).Select(e => e.Data));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Leases_go_on_over_a_restart_with_their_tokens(bool kill, bool checkpoint)
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("held");
        var lost = await f.AddAsync("lost");
        var stage = Held(f);
        var leases = Take(stage);
        Assert.Equal(2, leases.Length);
        if (checkpoint)
        {
            f.Engine.Checkpoint();
        }

        f.Pass(TimeSpan.FromSeconds(20));
        Assert.True(stage.TryExtend(id, leases[0].Token, _life, "half"u8, out _));
        await f.RestartAsync(kill);
        stage = Held(f);
        Assert.Equal((2, 0L, 2), (stage.InFlight, f.Engine.GetQueue("q")!.Unsure, (int)f.Engine.GetQueue("q")!.Leased));
        Assert.Equal(JobState.Leased, f.Engine.Find(id).State);
        Assert.Empty(Take(stage));

        // The one that was not extended has ten seconds left, the other thirty.
        f.Pass(TimeSpan.FromSeconds(11));
        var again = Assert.Single(Take(stage));
        Assert.Equal((lost, 2), (again.Id, (int)again.Attempt));
        Assert.Equal(0, EngineFixture.Complete(stage, leases[..1], Outcome.Done(), "result"));
        Assert.Equal(1, EngineFixture.Complete(stage, leases[1..], Outcome.Done()));
        Assert.Equal(JobState.Done, f.Engine.Find(id).State);
        Assert.Equal(1, stage.InFlight);
    }

    [Fact]
    public async Task A_lease_that_ended_while_the_engine_was_away_has_the_grace_of_its_stage()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("x");
        var lease = Assert.Single(Take(Held(f)));
        f.Engine.Journal.Write();
        await f.Engine.AbandonAsync();
        f.Time.Advance(TimeSpan.FromHours(2));
        f.Reopen();
        var stage = Held(f);
        f.Pass(TimeSpan.FromSeconds(9));
        Assert.Empty(Take(stage));
        Assert.True(stage.TryExtend(lease.Id, lease.Token, _life, default, out _));
        f.Pass(TimeSpan.FromSeconds(29));
        Assert.Equal(0, EngineFixture.Complete(stage, [lease], Outcome.Done()));
    }

    [Fact]
    public async Task A_clock_set_back_while_the_engine_was_away_holds_no_job_for_ever()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("x");
        Assert.Single(Take(Held(f)));
        f.Engine.Journal.Write();
        await f.Engine.AbandonAsync();
        f.Time.JumpWall(TimeSpan.FromDays(-400));
        f.Reopen();
        var stage = Held(f);
        f.Pass(EngineLimits.MaxLease + TimeSpan.FromSeconds(1));
        Assert.Single(Take(stage));
    }

    [Fact]
    public async Task A_job_has_its_own_number_of_attempts_over_a_restart_too()
    {
        await using var f = new EngineFixture();
        var result = await f.Engine.EnqueueAsync(new NewJob { Flow = f.Engine.Flow("q", Lane.Normal, ""), Body = "x"u8, MaxAttempts = 2 });
        var stage = Held(f);
        EngineFixture.Complete(stage, Take(stage), Outcome.Retry(after: TimeSpan.Zero));
        f.Engine.Checkpoint();
        await f.RestartAsync(kill: true);
        stage = Held(f);
        Assert.Single(Take(stage));
        f.Pass(_life + TimeSpan.FromSeconds(1));
        Assert.Equal(JobState.Dead, f.Engine.Find(result.Id).State);
        Assert.Equal(EngineCodes.LeaseEnded, f.Events().Last().Code);
    }

    [Fact]
    public async Task A_job_that_expired_in_hand_is_not_left_lying_when_its_lease_ends()
    {
        await using var f = new EngineFixture();
        var id = await f.AddAsync("x", expiresMs: f.Time.GetUtcNow().AddSeconds(10).ToUnixTimeMilliseconds());
        Assert.Single(Take(Held(f)));
        f.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(JobState.Leased, f.Engine.Find(id).State);
        f.Pass(TimeSpan.FromSeconds(11));
        f.Engine.RunTimers();
        Assert.Equal(JobState.Expired, f.Engine.Find(id).State);
    }

    [Fact]
    public async Task Why_a_job_waits()
    {
        await using var f = new EngineFixture();
        var due = await f.AddAsync("due", dueMs: f.Time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds());
        var a = await f.AddAsync("a", flow: "a");
        var b = await f.AddAsync("b", flow: "a");
        Assert.Equal(WaitReason.Due, WhyOf(due));
        Assert.Equal(WaitReason.NoStage, WhyOf(a));
        var stage = Held(f, new StageOptions { Name = "s", Width = 5, FlowWidth = 1, UrgentSlots = 0, KeepLeases = true });
        Assert.Equal(new JobWait(WaitReason.Turn, 2), JobWait.Of(f.Engine, a));
        f.Engine.ChangeQueue("q", paused: true);
        Assert.Equal(WaitReason.QueuePaused, WhyOf(a));
        f.Engine.ChangeQueue("q", paused: false);
        var lease = Assert.Single(Take(stage));
        Assert.Equal((WaitReason.InHand, WaitReason.FlowWidth), (WhyOf(a), WhyOf(b)));
        stage.Change(stage.Options with { FlowWidth = null, Width = 1 });
        Assert.Equal(WaitReason.Width, WhyOf(b));
        stage.Change(stage.Options with { Width = 5, Rate = 0.001 });
        Assert.Single(Take(stage));
        var c = await f.AddAsync("c");
        Assert.Equal(WaitReason.Rate, WhyOf(c));
        EngineFixture.Complete(stage, [lease], Outcome.Done());
        Assert.Equal(WaitReason.None, WhyOf(a));

        WaitReason WhyOf(JobId id) => JobWait.Of(f.Engine, id).Reason;
    }

    [Fact]
    public async Task A_lease_has_a_time_within_bounds_where_only_time_ends_it()
    {
        await using var f = new EngineFixture();
        var stage = Held(f);
        Assert.Throws<ArgumentOutOfRangeException>(() => stage.TryLease(new Lease[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => stage.TryLease(new Lease[1], TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => stage.TryLease(new Lease[1], EngineLimits.MaxLease + TimeSpan.FromSeconds(1)));
    }

    private static Stage Held(EngineFixture f, StageOptions? options = null) =>
        f.Stage(options ?? new StageOptions { Name = "s", Width = 10, UrgentSlots = 0, KeepLeases = true, UnsureGrace = TimeSpan.FromSeconds(10) });

    private static Lease[] Take(Stage stage)
    {
        var leases = new Lease[10];
        return leases[..stage.TryLease(leases, _life)];
    }
}

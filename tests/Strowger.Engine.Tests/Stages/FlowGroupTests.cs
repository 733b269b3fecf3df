using Strowger.Engine.Limits;

namespace Strowger.Engine.Tests.Stages;

public sealed class FlowGroupTests
{
    [Fact]
    public async Task A_held_group_waits_in_all_its_queues_and_the_others_go_on()
    {
        await using var fixture = new EngineFixture();
        var stage = fixture.Engine.AddStage(new StageOptions { Name = "s", Width = 1000, UrgentSlots = 0 }, "q", "r");
        await fixture.AddAsync("a1", flow: "a");
        await fixture.AddAsync("a2", flow: "a", queue: "r");
        await fixture.AddAsync("b1", flow: "b");
        var group = FlowGroup.Of(fixture.Engine, "a");

        group.Pause();
        await fixture.AddAsync("a3", flow: "a", lane: Lane.Bulk);

        Assert.Equal(["b1"], fixture.Bodies(stage));
        Assert.Equal(new FlowGroupInfo(3, 3, 0), group.GetInfo());
        Assert.Equal(1, group.LiveIn("r"));

        group.Resume();
        Assert.Equal(["a1", "a2", "a3"], fixture.Bodies(stage).Order());
        Assert.Equal(new FlowGroupInfo(0, 3, 3), group.GetInfo());
    }

    [Fact]
    public async Task What_comes_back_to_a_held_group_waits_too()
    {
        await using var fixture = new EngineFixture();
        var stage = fixture.Stage();
        await fixture.AddAsync("busy", flow: "a");
        await fixture.AddAsync("later", flow: "a");
        var group = FlowGroup.Of(fixture.Engine, "a");
        var leases = fixture.Take(stage);

        group.Pause();
        EngineFixture.Complete(stage, leases[..1], Outcome.Unreachable());
        EngineFixture.Complete(stage, leases[1..], Outcome.Retry(1, TimeSpan.FromSeconds(1)));
        fixture.Pass(TimeSpan.FromSeconds(2));

        Assert.Empty(fixture.Take(stage));
        group.Resume();
        Assert.Equal(["busy", "later"], fixture.Bodies(stage));
    }

    [Fact]
    public async Task A_flow_that_sleeps_for_tokens_while_it_is_held_wakes_only_when_let_go()
    {
        await using var fixture = new EngineFixture();
        var stage = fixture.Stage();
        for (var n = 0; n < 3; n++)
        {
            await fixture.AddAsync("a" + n, flow: "a");
        }

        var group = FlowGroup.Of(fixture.Engine, "a");
        group.SetLimits(new TokenBucket("a", 1, 1, fixture.Time));
        Assert.Single(fixture.Take(stage));
        group.Pause();
        fixture.Pass(TimeSpan.FromSeconds(5));
        Assert.Empty(fixture.Take(stage));
        group.Resume();
        Assert.Single(fixture.Take(stage));
        fixture.Pass(TimeSpan.FromSeconds(1));
        Assert.Single(fixture.Take(stage));
    }

    [Fact]
    public async Task A_bucket_is_shared_by_flows_that_come_later_and_its_rate_can_be_changed()
    {
        await using var fixture = new EngineFixture();
        var stage = fixture.Engine.AddStage(new StageOptions { Name = "s", Width = 1000, UrgentSlots = 0 }, "q", "r");
        var group = FlowGroup.Of(fixture.Engine, "a");
        var bucket = new TokenBucket("a", 2, 2, fixture.Time);
        group.SetLimits(bucket);
        foreach (var queue in (string[])["q", "r", "q", "r", "q", "r"])
        {
            await fixture.AddAsync("x", flow: "a", queue: queue);
        }

        Assert.Equal(2, fixture.Take(stage).Count);
        group.ChangeLimit(bucket, 100, 100);
        fixture.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(4, fixture.Take(stage).Count);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(null)]
    public async Task A_flow_that_sleeps_for_a_slow_bucket_goes_on_at_once_when_it_may(int? rate)
    {
        await using var fixture = new EngineFixture();
        var stage = fixture.Stage();
        var group = FlowGroup.Of(fixture.Engine, "a");
        var bucket = new TokenBucket("a", 0.001, 1, fixture.Time);
        group.SetLimits(bucket);
        for (var n = 0; n < 3; n++)
        {
            await fixture.AddAsync("a", flow: "a");
        }

        Assert.Single(fixture.Take(stage));
        Assert.Empty(fixture.Take(stage));
        if (rate is { } faster)
        {
            group.ChangeLimit(bucket, faster, faster);
            fixture.Pass(TimeSpan.FromSeconds(1));
        }
        else
        {
            group.SetLimits();
        }

        Assert.Equal(2, fixture.Take(stage).Count);
    }

    [Fact]
    public async Task Cancelling_empties_the_group_for_good_and_leaves_what_is_in_hand()
    {
        await using var fixture = new EngineFixture();
        var stage = fixture.Stage();
        for (var n = 0; n < 1000; n++)
        {
            await fixture.AddAsync("a", flow: "a");
        }

        await fixture.AddAsync("b", flow: "b");
        var taken = fixture.Take(stage, 10).Where(l => fixture.BodyOf(l) == "a").ToList();
        var group = FlowGroup.Of(fixture.Engine, "a");
        group.Pause();

        Assert.Equal(1000 - taken.Count, await group.CancelReadyAsync(7));
        Assert.Equal(new FlowGroupInfo(0, taken.Count, taken.Count), group.GetInfo());
        group.Resume();
        EngineFixture.Complete(stage, taken, Outcome.Done());
        Assert.Equal(0, await group.CancelReadyAsync(7));

        await fixture.RestartAsync(kill: true);
        var again = fixture.Stage();
        Assert.DoesNotContain("a", fixture.Bodies(again));
        Assert.Equal(0, FlowGroup.Of(fixture.Engine, "a").GetInfo().Live);
    }

    [Fact]
    public async Task Held_before_a_stage_is_there_nothing_leaves_after_a_restart()
    {
        await using var fixture = new EngineFixture();
        await fixture.AddAsync("a", flow: "a");
        await fixture.RestartAsync(kill: true);

        FlowGroup.Of(fixture.Engine, "a").Pause();
        var stage = fixture.Stage();

        Assert.Empty(fixture.Take(stage));
        FlowGroup.Of(fixture.Engine, "a").Forget();
        Assert.Equal(["a"], fixture.Bodies(stage));
    }
}

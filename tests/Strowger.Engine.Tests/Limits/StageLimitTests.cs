using System.Text;
using Strowger.Engine.Limits;

namespace Strowger.Engine.Tests.Limits;

public sealed class StageLimitTests
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    [Fact]
    public async Task A_key_without_room_holds_back_nobody_and_its_urgent_jobs_go_before_its_others()
    {
        await using var f = new EngineFixture();
        var stage = Stage(f, new LimitOptions { Name = "each", Rate = 1 });
        await AddAsync(f, "a", 5, Lane.Bulk);
        await AddAsync(f, "b", 1, Lane.Bulk);
        f.Pass(TimeSpan.FromSeconds(1.1));
        Assert.Equal(["a", "b"], Bodies(f, stage).Order());

        await AddAsync(f, "a", 1, Lane.Urgent, body: "code");
        await AddAsync(f, "c", 1, Lane.Bulk);
        Assert.Equal(["c"], Bodies(f, stage));
        f.Pass(TimeSpan.FromSeconds(1.1));
        Assert.Equal(["code"], Bodies(f, stage));
        f.Pass(TimeSpan.FromSeconds(1.1));
        Assert.Equal(["a"], Bodies(f, stage));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Rates_are_never_exceeded_and_used_to_the_full_while_there_is_work(int seed)
    {
        var random = new Random(seed);
        await using var f = new EngineFixture();
        var rate = random.Next(5, 60);
        var stage = Stage(
            f, new LimitOptions { Name = "brand", Keys = ["a", "b"], Rate = rate }, new LimitOptions { Name = "each", Rate = rate * 0.6 });
        foreach (var key in (string[])["a", "b", "c"])
        {
            await AddAsync(f, key, 3000, (Lane)random.Next(3), flow: "1");
            await AddAsync(f, key, 3000, (Lane)random.Next(3), flow: "2");
        }

        const double Seconds = 60;
        var taken = new Dictionary<string, List<double>> { ["a"] = [], ["b"] = [], ["c"] = [] };
        for (var at = 0.0; at < Seconds;)
        {
            var step = random.NextDouble() * 0.004;
            at += step;
            f.Time.Advance(TimeSpan.FromSeconds(step));
            var leases = f.Take(stage);
            leases.ForEach(l => taken[f.BodyOf(l)].Add(at));
            EngineFixture.Complete(stage, leases, Outcome.Done());
        }

        List<double> brand = [.. taken["a"].Concat(taken["b"]).Order()];
        Check(brand, rate, atLeast: 0.985);
        Check(taken["c"], rate * 0.6, atLeast: 0.985);
        Check(taken["a"], rate * 0.6, atLeast: 0);
        Check(taken["b"], rate * 0.6, atLeast: 0);

        static void Check(List<double> times, double rate, double atLeast)
        {
            // A bucket of a second, as strict as carriers are: nothing it would have refused.
            var (tokens, last) = (Math.Max(1, rate), 0.0);
            foreach (var at in times)
            {
                tokens = Math.Min(Math.Max(1, rate), tokens + ((at - last) * rate)) - 1;
                last = at;
                Assert.True(tokens > -1e-6, $"over {rate}/s at {at}");
            }

            Assert.InRange(times.Count, Seconds * rate * atLeast, Seconds * rate * 1.001);
        }
    }

    [Fact]
    public async Task Flows_of_one_key_take_turns()
    {
        await using var f = new EngineFixture();
        var stage = Stage(f, new LimitOptions { Name = "each", Rate = 10 });
        for (var n = 0; n < 5; n++)
        {
            await AddAsync(f, "a", 50, Lane.Bulk, flow: "f" + n, body: "f" + n);
        }

        var counts = new Dictionary<string, int>();
        for (var n = 0; n < 2100; n++)
        {
            f.Pass(TimeSpan.FromMilliseconds(5));
            Bodies(f, stage).ForEach(b => counts[b] = counts.GetValueOrDefault(b) + 1);
        }

        Assert.InRange(counts.Values.Sum(), 99, 105);
        Assert.All(counts.Values, n => Assert.InRange(n, 18, 23));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_days_count_is_kept_over_a_restart_and_begins_anew_with_the_day(bool kill, bool checkpoint)
    {
        await using var f = new EngineFixture();
        var limit = new LimitOptions { Name = "brand", Keys = ["a", "b"], PerDay = 100 };
        var stage = Stage(f, limit);
        await AddAsync(f, "a", 200);
        await AddAsync(f, "b", 200);
        await AddAsync(f, "c", 3);
        Assert.Equal(60 + 3, Take(f, stage, 63, Outcome.Done()));
        if (checkpoint)
        {
            f.Engine.Checkpoint();
            Assert.Equal(10, Take(f, stage, 10, Outcome.Done()));
            f.Engine.Checkpoint();
        }

        var inHand = f.Take(stage, 20).Count;
        await f.RestartAsync(kill);
        stage = Stage(f, limit);
        Assert.Equal(100 - 60 - (checkpoint ? 10 : 0) - inHand, Take(f, stage, 1000, Outcome.Done()));
        Assert.Equal(100, stage.GetLimits(1)[0].Buckets[0].Used);

        f.Pass(_day - TimeSpan.FromHours(3.1));
        Assert.Equal(0, Take(f, stage, 1000, Outcome.Done()));
        f.Pass(TimeSpan.FromHours(0.1));
        Assert.Equal(100, Take(f, stage, 1000, Outcome.Done()));
        await f.RestartAsync(kill);
        stage = Stage(f, limit);
        Assert.Equal(0, Take(f, stage, 1000, Outcome.Done()));
    }

    [Fact]
    public async Task No_kill_at_any_moment_lets_a_day_have_more_than_its_own()
    {
        await using var f = new EngineFixture();
        var random = new Random(7);
        var limit = new LimitOptions { Name = "each", PerDay = 50, DayOf = Odd };
        await AddAsync(f, "a", 3000);
        var sent = new Dictionary<long, int>();
        for (var turn = 0; turn < 40; turn++)
        {
            var stage = Stage(f, limit);
            for (var n = random.Next(6); n > 0; n--)
            {
                f.Pass(TimeSpan.FromHours(random.NextDouble() * 6));
                var day = Odd(f.Time.GetUtcNow().ToUnixTimeMilliseconds()).StartMs;
                var leases = f.Take(stage, random.Next(40));
                var refused = leases.Take(random.Next(leases.Count + 1)).ToArray();
                sent[day] = sent.GetValueOrDefault(day) + leases.Count - refused.Length;

                // Some come back the next day.
                f.Pass(random.Next(3) == 0 ? TimeSpan.FromHours(8) : TimeSpan.Zero);
                EngineFixture.Complete(stage, refused, Outcome.Busy());
                EngineFixture.Complete(stage, leases.Except(refused).Take(random.Next(leases.Count + 1)), Outcome.Done());
            }

            if (random.Next(4) == 0)
            {
                f.Engine.Checkpoint();
            }

            await f.RestartAsync(kill: random.Next(3) > 0);
        }

        Assert.All(sent.Values, n => Assert.InRange(n, 0, 50));
        Assert.Contains(50, sent.Values);

        // Days of 23, 24 and 25 hours, as a change of the clock makes them.
        static LimitDay Odd(long ms)
        {
            const long Hour = 3_600_000;
            var (round, at) = (ms / (72 * Hour) * 72 * Hour, ms % (72 * Hour) / Hour);
            return at < 23 ? new(round, round + (23 * Hour)) : at < 47 ? new(round + (23 * Hour), round + (47 * Hour)) : new(round + (47 * Hour), round + (72 * Hour));
        }
    }

    [Fact]
    public async Task What_did_not_leave_is_not_counted_and_a_refusal_waits_one_interval()
    {
        await using var f = new EngineFixture();
        var stage = Stage(f, new LimitOptions { Name = "each", PerDay = 10, Rate = 1 });
        await AddAsync(f, "a", 20);
        f.Pass(TimeSpan.FromSeconds(1.1));
        Assert.Equal(1, Take(f, stage, 10, Outcome.Busy()));
        Assert.Equal(0, stage.GetLimits(1)[0].Buckets[0].Used);
        f.Pass(TimeSpan.FromSeconds(0.9));
        Assert.Empty(f.Take(stage));
        f.Pass(TimeSpan.FromSeconds(0.2));
        Assert.Equal(1, Take(f, stage, 10, Outcome.Unreachable()));
        f.Pass(TimeSpan.FromSeconds(1.1));
        Assert.Equal(1, Take(f, stage, 10, Outcome.Retry(1, TimeSpan.FromDays(9))));
        Assert.Equal(1, stage.GetLimits(1)[0].Buckets[0].Used);
    }

    [Fact]
    public async Task Limits_are_set_changed_and_lifted_while_jobs_wait_that_nobody_had_told_apart()
    {
        await using var f = new EngineFixture();
        var stage = Stage(f);
        for (var n = 0; n < 300; n++)
        {
            await f.AddAsync(n % 2 == 0 ? "a" : "b", Lane.Bulk, flow: "campaign");
        }

        Assert.Equal(10, Take(f, stage, 10, Outcome.Done()));
        stage.Change(stage.Options with { Limits = [new LimitOptions { Name = "x", Keys = ["a"], PerDay = 7 }] });
        List<string> out1 = [];
        for (var n = 0; n < 5; n++)
        {
            out1.AddRange(Bodies(f, stage));
        }

        Assert.Equal((7, 145), (out1.Count(b => b == "a"), out1.Count(b => b == "b")));
        Assert.Equal(138, FlowGroup.Of(f.Engine, "campaign").GetInfo().Ready);

        // The count stays with the limit's name.
        stage.Change(stage.Options with { Limits = [new LimitOptions { Name = "x", Keys = ["a"], PerDay = 9 }] });
        Assert.Equal(["a", "a"], Bodies(f, stage));
        stage.Change(stage.Options with { Limits = [] });
        Assert.Equal(136, Bodies(f, stage).Count);
    }

    [Fact]
    public async Task Another_stage_of_the_queue_takes_what_one_has_no_room_for()
    {
        await using var f = new EngineFixture();
        var limited = Stage(f, new LimitOptions { Name = "each", PerDay = 2 });
        var free = f.Stage(new StageOptions { Name = "free", Width = 3, UrgentSlots = 0 });
        await AddAsync(f, "a", 9);
        await AddAsync(f, "b", 1);
        Assert.Equal(["a", "a", "b"], Bodies(f, limited).Order());
        Assert.Empty(Bodies(f, limited));
        Assert.Equal(["a", "a", "a"], Bodies(f, free));

        // Alone again: it sleeps, and wakes when another comes.
        f.Engine.RemoveStage(free);
        Assert.Empty(Bodies(f, limited));
        Assert.NotEmpty(Bodies(f, f.Stage(new StageOptions { Name = "free2", Width = 3, UrgentSlots = 0 })));
    }

    [Fact]
    public async Task A_job_that_costs_more_than_a_day_grants_is_given_up_and_those_behind_it_go()
    {
        await using var f = new EngineFixture();
        var stage = Stage(f, new LimitOptions { Name = "each", PerDay = 4 });
        var big = await AddCostlyAsync(f, "a", 5);
        var next = await AddCostlyAsync(f, "a", 4);

        Assert.Equal(["a"], Bodies(f, stage));

        Assert.Equal((JobState.Dead, JobState.Done), (f.Engine.Find(big).State, f.Engine.Find(next).State));
        var code = 0;
        JobHistory.Read(f.Engine, big, (in EngineEvent item) => code = item.Kind == EntryKind.Dead ? item.Code : code);
        Assert.Equal(EngineCodes.OverLimit, code);
        await f.RestartAsync(kill: true);
        Assert.Equal(JobState.Dead, f.Engine.Find(big).State);
    }

    [Fact]
    public async Task A_job_that_waits_is_given_up_when_its_limit_falls_below_what_it_costs()
    {
        await using var f = new EngineFixture();
        var stage = Stage(f, new LimitOptions { Name = "x", Keys = ["a"], PerDay = 6 });
        var first = await AddCostlyAsync(f, "a", 5);
        var second = await AddCostlyAsync(f, "a", 5);
        Assert.Single(Bodies(f, stage));
        Assert.Equal((JobState.Done, JobState.Ready), (f.Engine.Find(first).State, f.Engine.Find(second).State));

        stage.Change(stage.Options with { Limits = [new LimitOptions { Name = "x", Keys = ["a"], PerDay = 4 }] });

        Assert.Empty(Bodies(f, stage));
        Assert.Equal(JobState.Dead, f.Engine.Find(second).State);
    }

    [Fact]
    public async Task A_job_that_costs_more_than_one_stage_grants_is_another_ones()
    {
        await using var f = new EngineFixture();
        var limited = Stage(f, new LimitOptions { Name = "each", PerDay = 4 });
        var free = f.Stage(new StageOptions { Name = "free", Width = 3, UrgentSlots = 0 });
        var big = await AddCostlyAsync(f, "a", 5);

        Assert.Empty(Bodies(f, limited));
        Assert.Equal(JobState.Ready, f.Engine.Find(big).State);
        Assert.Equal(["a"], Bodies(f, free));
    }

    /// <summary>A sender's first texts are told when they leave, also after a restart in the middle of its day, and one without a name as well.</summary>
    [Theory]
    [InlineData("a")]
    [InlineData("")]
    public async Task How_long_a_key_would_wait_that_nobody_has_used_in_this_run_is_told(string key)
    {
        await using var f = new EngineFixture();
        var limit = new LimitOptions { Name = "each", PerDay = 10 };
        var stage = Stage(f, limit);
        Assert.Equal(0, stage.LimitWait(key, Lane.Bulk, 10).TotalMilliseconds);
        Assert.InRange(stage.LimitWait(key, Lane.Bulk, 25).TotalDays, 1, 2);
        Assert.Empty(stage.GetLimits(1)[0].Buckets);

        await AddAsync(f, key, 12);
        Assert.Equal(10, Bodies(f, stage).Count);
        Assert.InRange(stage.LimitWait(key, Lane.Bulk, 1).TotalDays, 0.001, 1);
        await f.RestartAsync(kill: false);
        stage = Stage(f, limit);
        Assert.InRange(stage.LimitWait(key, Lane.Bulk, 1).TotalDays, 0.001, 1);
        Assert.Empty(Bodies(f, stage));
        Assert.Equal((key, 10), (stage.GetLimits(1)[0].Buckets[0].Key, stage.GetLimits(1)[0].Buckets[0].Used));
    }

    [Fact]
    public async Task Why_and_how_long_it_waits_is_told()
    {
        await using var f = new EngineFixture();
        var stage = Stage(f, new LimitOptions { Name = "brand", Keys = ["a", "b"], PerDay = 10 }, new LimitOptions { Name = "each", Rate = 2 });
        await AddAsync(f, "a", 8);
        await AddAsync(f, "b", 5, Lane.Bulk);
        var last = await AddAsync(f, "b", 1, Lane.Bulk);
        f.Pass(TimeSpan.FromSeconds(20));
        for (var n = 0; n < 20; n++)
        {
            f.Pass(TimeSpan.FromSeconds(1));
            Take(f, stage, 100, Outcome.Done());
        }

        var wait = JobWait.Of(f.Engine, last);
        var midnight = LimitDay.Utc(f.Time.GetUtcNow().ToUnixTimeMilliseconds()).EndMs;
        Assert.Equal((WaitReason.Limit, "brand"), (wait.Reason, wait.Limit?.Name));
        Assert.InRange(wait.LimitUntilMs, midnight - 1, midnight + 1);
        var info = stage.GetLimits(10);
        Assert.Equal(new LimitBucketInfo("", 10, midnight, 4), info[0].Buckets[0]);
        Assert.Equal(2, info[1].Tracked);

        // 4 wait for tomorrow and 7 more would find room before the day after.
        var untilMidnight = midnight - f.Time.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.InRange(stage.LimitWait("a", Lane.Bulk, 6).TotalMilliseconds, untilMidnight, untilMidnight + 60_000);
        Assert.InRange(stage.LimitWait("a", Lane.Bulk, 7).TotalMilliseconds, untilMidnight + _day.TotalMilliseconds, untilMidnight + _day.TotalMilliseconds + 60_000);
        Assert.Equal(0, stage.LimitWait("c", Lane.Bulk, 1).TotalMilliseconds);
        Assert.InRange(stage.LimitWait("a", Lane.Urgent, 1).TotalMilliseconds, untilMidnight, untilMidnight + 1000);
    }

    [Fact]
    public async Task More_keys_than_are_kept_share_what_is_left_and_none_of_those_in_use_is_forgotten()
    {
        await using var f = new EngineFixture();
        var stage = Stage(f, new LimitOptions { Name = "each", PerDay = 2 });
        lock (f.Engine.State.Gate)
        {
            for (var n = 0; n < EngineLimits.MaxLimitKeys; n++)
            {
                stage.Limits.Take("k" + n, 1);
                stage.Limits.Complete("k" + n, 1, OutcomeKind.Done);
            }

            Assert.True(stage.Limits.TryWriteCounts());
        }

        await AddAsync(f, "x", 2);
        await AddAsync(f, "y", 2);
        await AddAsync(f, "k0", 2);
        Assert.Equal(["k0", "x", "x"], Bodies(f, stage).Order());
        Assert.Equal(EngineLimits.MaxLimitKeys + 1, stage.GetLimits(1)[0].Tracked);

        f.Pass(_day);
        Assert.Equal(["k0", "y", "y"], Bodies(f, stage).Order());
        Assert.Equal(EngineLimits.MaxLimitKeys + 1, stage.GetLimits(1)[0].Tracked);
    }

    [Fact]
    public async Task Wrong_limits_are_refused()
    {
        await using var f = new EngineFixture();
        var stage = Stage(f);
        Assert.Throws<ArgumentOutOfRangeException>(() => stage.Change(stage.Options with { Limits = [new LimitOptions { Name = "a", Rate = 0 }] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => stage.Change(stage.Options with { Limits = [new LimitOptions { Name = "a", Rate = 1 }, new LimitOptions { Name = "a", Rate = 1 }] }));
    }

    private static Stage Stage(EngineFixture f, params LimitOptions[] limits) => f.Stage(new StageOptions
    {
        Name = "s",
        Width = 100_000,
        UrgentSlots = 0,
        Bucket = TimeSpan.FromSeconds(1),
        UnsureGrace = TimeSpan.FromDays(1000),
        Limits = limits,
        KeyOf = body => Encoding.UTF8.GetString(body),
    });

    private static async Task<JobId> AddAsync(EngineFixture f, string key, int count, Lane lane = Lane.Normal, string flow = "", string? body = null)
    {
        var batch = new JobBatch();
        for (var n = 0; n < count; n++)
        {
            batch.Add(new NewJob { Flow = f.Engine.Flow("q", lane, flow, key), Body = Encoding.UTF8.GetBytes(body ?? key) });
        }

        return (await f.Engine.EnqueueAsync(batch, TestContext.Current.CancellationToken)).Results[^1].Id;
    }

    private static async Task<JobId> AddCostlyAsync(EngineFixture f, string key, int cost)
    {
        var batch = new JobBatch();
        batch.Add(new NewJob { Flow = f.Engine.Flow("q", Lane.Normal, "", key), Body = Encoding.UTF8.GetBytes(key), Cost = cost });
        return (await f.Engine.EnqueueAsync(batch, TestContext.Current.CancellationToken)).Results[0].Id;
    }

    private static List<string> Bodies(EngineFixture f, Stage stage)
    {
        var leases = f.Take(stage);
        EngineFixture.Complete(stage, leases, Outcome.Done());
        return [.. leases.Select(l => f.BodyOf(l))];
    }

    private static int Take(EngineFixture f, Stage stage, int most, Outcome outcome)
    {
        var leases = f.Take(stage, most);
        EngineFixture.Complete(stage, leases, outcome);
        return leases.Count;
    }
}

using System.Text;

namespace Strowger.Engine.Tests.Checkpointing;

public sealed class RestartTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Everything_accepted_is_there_again_in_order(bool kill, bool checkpoint)
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 700; i++)
        {
            await f.AddAsync(FormattableString.Invariant($"{i}"), flow: i % 2 == 0 ? "even" : "odd");
        }

        var stage = f.Stage();
        EngineFixture.Complete(stage, f.Take(stage, 100), Outcome.Done());
        if (checkpoint)
        {
            f.Engine.Checkpoint();
        }

        EngineFixture.Complete(stage, f.Take(stage, 100), Outcome.Done());
        var due = f.Time.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        await f.AddAsync("due", dueMs: due);
        await f.RestartAsync(kill);
        Assert.Equal(501, f.Engine.GetQueue("q")!.Live);
        stage = f.Stage();
        var bodies = f.Bodies(stage, 5000);
        Assert.Equal(500, bodies.Count);
        Assert.Equal(500, bodies.Distinct().Count());
        var even = bodies.Select(b => int.Parse(b, System.Globalization.CultureInfo.InvariantCulture)).Where(n => n % 2 == 0).ToList();
        Assert.Equal(even.Order(), even);
        f.Pass(TimeSpan.FromHours(1.1));
        Assert.Equal(["due"], f.Bodies(stage));
    }

    [Fact]
    public async Task What_was_in_hand_at_a_kill_is_unsure_and_then_resent()
    {
        await using var f = new EngineFixture();
        var done = await f.AddAsync("done");
        var open = await f.AddAsync("open");
        var waiting = await f.AddAsync("waiting");
        var stage = f.Stage();
        var leases = f.Take(stage, 2);
        EngineFixture.Complete(stage, leases.Take(1), Outcome.Done());
        f.Engine.Journal.Write();
        await f.RestartAsync(kill: true);
        Assert.Equal(1, f.Engine.Recovery.Unsure);
        Assert.Equal(JobState.Done, f.Engine.Find(done).State);
        Assert.Equal(JobState.Unsure, f.Engine.Find(open).State);
        stage = f.Stage();
        Assert.Equal(["waiting"], f.Bodies(stage));
        f.Pass(TimeSpan.FromSeconds(6));
        Assert.Equal(["open"], f.Bodies(stage));
        Assert.Equal(JobState.Leased, f.Engine.Find(waiting).State);
    }

    [Fact]
    public async Task A_checkpoint_during_work_loses_nothing()
    {
        await using var f = new EngineFixture();
        var stage = f.Stage();
        using var stop = new CancellationTokenSource();
        var cancel = stop.Token;
        var accepted = 0;
        var finished = 0;
        var producer = Task.Run(async () =>
        {
            while (!cancel.IsCancellationRequested)
            {
                var batch = new JobBatch();
                for (var i = 0; i < 500; i++)
                {
                    batch.Add(new NewJob { Flow = f.Engine.Flow("q", Lane.Normal, "f"), Body = Encoding.UTF8.GetBytes("x") });
                }

                accepted += (await f.Engine.EnqueueAsync(batch, CancellationToken.None)).Results.Count;
            }
        }, CancellationToken.None);
        var consumer = Task.Run(() =>
        {
            while (!cancel.IsCancellationRequested)
            {
                var leases = f.Take(stage, 300);
                EngineFixture.Complete(stage, leases, Outcome.Done());
                finished += leases.Count;
            }
        }, CancellationToken.None);
        while (Volatile.Read(ref accepted) == 0)
        {
            await Task.Yield();
        }

        for (var i = 0; i < 12; i++)
        {
            f.Engine.Checkpoint();
        }

        await stop.CancelAsync();
        await Task.WhenAll(producer, consumer);
        f.Engine.Journal.Write();
        await f.RestartAsync(kill: true);
        Assert.Equal(accepted - finished, f.Engine.GetQueue("q")!.Live);
        Assert.Equal(accepted, f.Engine.LastId.Value);
        Assert.Equal(JobState.Done, finished > 0 ? f.Engine.Find(new JobId(1)).State : JobState.Done);
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_reported_and_the_journal_used_instead()
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 50; i++)
        {
            await f.AddAsync("x");
        }

        f.Engine.Checkpoint();
        var path = Directory.GetFiles(Path.Combine(f.Path, "checkpoints"), "*.ckpt").Single();
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 0x40;
        await f.Engine.AbandonAsync();
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        f.Reopen();
        Assert.Contains(f.Incidents, i => i.Contains("damaged", StringComparison.Ordinal));
        Assert.Equal(50, f.Engine.GetQueue("q")!.Live);
    }

    [Fact]
    public async Task History_goes_by_age_and_one_old_job_holds_nothing_back()
    {
        await using var f = new EngineFixture { SegmentBytes = 2 << 20 };
        await f.RestartAsync(kill: false);
        var old = await f.AddAsync("the old one", dueMs: f.Time.GetUtcNow().AddDays(365).ToUnixTimeMilliseconds());
        var stage = f.Stage();
        for (var round = 0; round < 8; round++)
        {
            for (var i = 0; i < 60; i++)
            {
                await f.AddAsync(new string('x', 40_000));
            }

            EngineFixture.Complete(stage, f.Take(stage), Outcome.Done());
            f.Time.Advance(TimeSpan.FromDays(10));
        }

        var before = f.Engine.Journal.Begin;
        f.Engine.Checkpoint();
        f.Engine.Trim(long.MaxValue);
        Assert.True(f.Engine.Journal.Begin > before, "segments older than 30 days are gone");
        await f.RestartAsync(kill: true);
        Assert.Equal(JobState.Scheduled, f.Engine.Find(old).State);
        stage = f.Stage();
        f.Pass(TimeSpan.FromDays(366));
        Assert.Contains("the old one", f.Bodies(stage));
    }
}

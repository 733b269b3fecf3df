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
        List<string> history = [];
        Assert.True(JobHistory.Read(f.Engine, old, (in EngineEvent e) => history.Add(Encoding.UTF8.GetString(e.Data))));
        Assert.Equal(["the old one"], history);
        await f.RestartAsync(kill: true);
        Assert.Equal(JobState.Scheduled, f.Engine.Find(old).State);
        stage = f.Stage();
        f.Pass(TimeSpan.FromDays(366));
        Assert.Contains("the old one", f.Bodies(stage));
    }

    [Fact]
    public async Task A_flow_number_used_again_means_the_new_flow_also_from_an_older_checkpoint()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("x", flow: "customer a", queue: "a");
        var stage = f.Stage(queue: "a");
        EngineFixture.Complete(stage, f.Take(stage), Outcome.Done());
        f.Engine.Checkpoint();
        f.Time.Advance(TimeSpan.FromHours(2));
        f.Engine.Checkpoint();
        await f.AddAsync("y", flow: "customer b", queue: "b");
        await f.Engine.AbandonAsync();
        var newest = Directory.GetFiles(Path.Combine(f.Path, "checkpoints"), "*.ckpt").Order(StringComparer.Ordinal).Last();
        var bytes = await File.ReadAllBytesAsync(newest, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(newest, bytes, TestContext.Current.CancellationToken);
        f.Reopen();
        Assert.Equal(1, f.Engine.GetQueue("b")?.Live);
        Assert.Equal(0, f.Engine.GetQueue("a")?.Live ?? 0);
    }

    [Fact]
    public async Task Numbers_of_jobs_that_never_were_make_no_files()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("x");
        foreach (var id in (long[])[2, 1 << 20, 5L << 30, long.MaxValue])
        {
            Assert.Equal(JobState.None, f.Engine.Find(new JobId(id)).State);
            var batch = new EventBatch();
            batch.Add(new JobId(id), 1, "a receipt for a made-up id"u8);
            f.Engine.Append(batch);
        }

        Assert.Empty(Directory.GetFiles(Path.Combine(f.Path, "index")));
    }

    [Fact]
    public void The_index_of_finished_jobs_goes_with_their_history()
    {
        var directory = Directory.CreateTempSubdirectory("strowger-index-");
        const long File = 1 << 20;
        using (var index = new Strowger.Engine.Jobs.DoneIndex(directory.FullName))
        {
            foreach (var (id, position) in ((long, long)[])[(1, 100), (File - 1, 200), (File + 5, 5000), ((2 * File) + 5, 300), ((3 * File) + 5, 6000)])
            {
                index.Set(id, position, JobState.Done, 0, 1);
            }

            index.Write(index.TakeDirty());
            Assert.Equal(4, directory.GetFiles().Length);
            index.DeleteBefore(1000, (3 * File) + 6);
            Assert.Equal(["00000001.idx", "00000003.idx"], directory.GetFiles().Select(x => x.Name).Order());
            Assert.False(index.TryGet(1, out _, out _, out _, out _));
            Assert.True(index.TryGet(File + 5, out var kept, out _, out _, out _));
            Assert.Equal(5000, kept);

            // A job of the deleted range that ends only now.
            index.Set(7, 7000, JobState.Dead, 0, 1);
            index.Write(index.TakeDirty());
        }

        using (var index = new Strowger.Engine.Jobs.DoneIndex(directory.FullName))
        {
            Assert.True(index.TryGet(7, out var position, out var state, out _, out _));
            Assert.Equal((7000, JobState.Dead), (position, state));
        }

        directory.Delete(recursive: true);
    }
}

using Strowger.Engine.Journaling;

namespace Strowger.Engine.Tests.Stages;

public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_closes_the_door_keeps_outcomes_and_gives_back_what_it_cannot_write()
    {
        await using var f = new EngineFixture();
        var stage = f.Stage(new StageOptions { Name = "s", Width = 10_000, UrgentSlots = 0 });
        while (new FileInfo(Path.Combine(f.Path, "journal", "spare.tmp")) is not { Exists: true, Length: >= 2 << 20 })
        {
            await Task.Yield();
        }

        f.Storage.DiskFull = true;
        var accepted = 0;
        while ((await f.TryAddAsync(new string('x', 30_000))).Status == EnqueueStatus.Accepted)
        {
            accepted++;
            Assert.True(accepted < 1000, "the door closes before long");
        }

        Assert.Equal(EnqueueStatus.StorageFull, (await f.TryAddAsync("x")).Status);

        // Outcomes still fit into what is left of the reserve, then nothing more is handed out.
        var done = 0;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var turn = 0; f.Engine.Journal.Space != JournalSpace.Stopped && !patience.IsCancellationRequested; turn++)
        {
            await Task.Yield();
            foreach (var lease in f.Take(stage, 1))
            {
                EngineFixture.Complete(stage, [lease], turn % 1000 == 0 ? Outcome.Done() : Outcome.Unreachable(), new string('d', 2000));
                done += turn % 1000 == 0 ? 1 : 0;
            }
        }

        Assert.Equal(JournalSpace.Stopped, f.Engine.Journal.Space);
        Assert.Empty(f.Take(stage));
        Assert.Equal(0, stage.InFlight);
        Assert.Equal(accepted - done, f.Engine.GetQueue("q")!.Live);

        f.Storage.DiskFull = false;
        while (f.Engine.Journal.Space != JournalSpace.Normal)
        {
            f.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await f.AddAsync("again");
        Assert.Equal(accepted - done + 1, f.Bodies(stage, 2000).Count);
        await f.RestartAsync(kill: false);
        Assert.Equal(accepted - done + 1, f.Engine.GetQueue("q")!.Live);
    }

    [Fact]
    public async Task While_the_disk_takes_nothing_outcomes_wait_facts_are_refused_and_all_goes_on_when_it_does()
    {
        await using var f = new EngineFixture();
        var done = await f.AddAsync("done");
        var sent = await f.AddAsync("sent");
        await f.AddAsync("waiting");
        var stage = f.Stage(new StageOptions { Name = "s", Width = 10, UrgentSlots = 0 });
        var leases = f.Take(stage, 2);
        EngineFixture.Complete(stage, leases[..1], Outcome.Done(), "before");
        await StopDiskAsync(f);

        EngineFixture.Complete(stage, leases[1..], Outcome.Unsure(7), "unsure");
        Assert.Equal(JobState.Unsure, f.Engine.Find(sent).State);
        Assert.True(f.Engine.Settle(sent, Outcome.Done(), "late"u8));
        for (var i = 0; i < 3; i++)
        {
            // Of a job whose entries wait, of a finished one and of none.
            foreach (var id in (JobId[])[sent, done, default])
            {
                var batch = new EventBatch();
                batch.Add(id, 1, "fact"u8);
                Assert.Throws<JournalFullException>(() => f.Engine.Append(batch));
            }
        }

        await Assert.ThrowsAsync<JournalFullException>(async () => await f.Engine.CancelAsync(new JobId(3)));
        Assert.Empty(f.Take(stage));
        var waiting = stage.LeaseAsync(new Lease[1], CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);

        f.Storage.WriteFails = false;
        while (!waiting.IsCompleted)
        {
            f.Pass(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(1, await waiting);
        List<string> history = [];
        JobHistory.Read(f.Engine, sent, (in EngineEvent e) => history.Add(e.Kind + System.Text.Encoding.UTF8.GetString(e.Kind == EntryKind.Accepted ? default : e.Data)));
        Assert.Equal(["Donelate", "Unsureunsure", "Leased", "Accepted"], history);
        await f.RestartAsync(kill: true);
        Assert.Equal(JobState.Done, f.Engine.Find(sent).State);
        Assert.Equal(1, f.Engine.Recovery.Live);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_disk_that_takes_nothing()
    {
        var f = new EngineFixture();
        await f.AddAsync("x");
        var stage = f.Stage();
        var leases = f.Take(stage);
        await StopDiskAsync(f);
        EngineFixture.Complete(stage, leases, Outcome.Done());
        var stopping = f.Engine.DisposeAsync().AsTask();
        while (!stopping.IsCompleted)
        {
            f.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await stopping;
        f.Storage.WriteFails = false;
        f.Reopen();
        Assert.Equal(1, f.Engine.Recovery.Unsure);
        await f.DisposeAsync();
    }

    private static async Task StopDiskAsync(EngineFixture f)
    {
        await f.Engine.WaitDurableAsync(f.Engine.Journal.End);
        f.Storage.WriteFails = true;
        var batch = new EventBatch();
        batch.Add(default, 1, "lost or not"u8);
        f.Engine.Append(batch);
        Assert.Throws<JournalException>(f.Engine.Journal.Write);
        Assert.Equal(JournalSpace.Stopped, f.Engine.Journal.Space);
    }
}

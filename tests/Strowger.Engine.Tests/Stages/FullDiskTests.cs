using Strowger.Engine.Journaling;

namespace Strowger.Engine.Tests.Stages;

public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_closes_the_door_keeps_outcomes_and_gives_back_what_it_cannot_write()
    {
        await using var f = new EngineFixture();
        var stage = f.Stage(new StageOptions { Name = "s", Width = 10_000, UrgentSlots = 0 });
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
        for (var turn = 0; turn < 100_000 && f.Engine.Journal.Space != JournalSpace.Stopped; turn++)
        {
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
}

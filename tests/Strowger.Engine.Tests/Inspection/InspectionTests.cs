using Strowger.Engine.Inspection;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Tests.Inspection;

public sealed class InspectionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waits_is_counted_as_a_start_counts_it(bool checkpoint)
    {
        await using var f = new EngineFixture { SegmentBytes = 2 << 20 };
        for (var i = 0; i < 300; i++)
        {
            await f.AddAsync(new string('x', 20_000), parts: 1 + (i % 3));
        }

        var stage = f.Stage();
        EngineFixture.Complete(stage, f.Take(stage, 100), Outcome.Done());
        if (checkpoint)
        {
            f.Engine.Checkpoint();
        }

        EngineFixture.Complete(stage, f.Take(stage, 50), Outcome.Done());
        f.Take(stage, 7);
        await f.AddAsync("later");
        var live = f.Engine.GetQueue("q")!.Live;
        var end = f.Engine.Journal.End;
        await f.Engine.WaitDurableAsync(end, TestContext.Current.CancellationToken);

        var segments = SegmentSource.List(System.IO.Path.Combine(f.Path, "journal"));
        var newest = Directory.Exists(System.IO.Path.Combine(f.Path, "checkpoints")) ? Directory.GetFiles(System.IO.Path.Combine(f.Path, "checkpoints")).Max() : null;
        var seen = 0;
        var found = JournalInspection.Run(segments, end, checkpoint ? newest : null, (in EngineEvent _) => seen++, null, TestContext.Current.CancellationToken);

        Assert.True(segments.Count > 1);
        Assert.Equal(end, JournalInspection.FindEnd(segments[^1]));
        Assert.Equal(live, found.Waiting);
        Assert.Equal(301, found.Accepted);
        Assert.Equal(301, seen);
        Assert.Equal(0, found.DamagedBytes);
        Assert.True(found.IsCheckpointUsable);
    }

    [Fact]
    public async Task Damage_is_told_and_nothing_is_written()
    {
        await using var f = new EngineFixture();
        await f.AddAsync("one");
        await f.AddAsync("two");
        var end = f.Engine.Journal.End;
        var segment = SegmentSource.List(System.IO.Path.Combine(f.Path, "journal"))[0];
        var copy = System.IO.Path.Combine(f.Path, "copy");
        var bytes = await File.ReadAllBytesAsync(segment.Path, TestContext.Current.CancellationToken);
        bytes[SegmentSource.HeaderBytes + (int)(end - segment.Base) - 1 - RecordFormat.HeaderBytes] ^= 1;
        await File.WriteAllBytesAsync(copy, bytes, TestContext.Current.CancellationToken);

        var found = JournalInspection.Run([segment with { Path = copy }], end, null, null, null, TestContext.Current.CancellationToken);

        Assert.True(found.DamagedBytes > 0);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(copy, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task History_that_is_held_is_not_deleted()
    {
        await using var f = new EngineFixture();
        for (var i = 0; i < 200; i++)
        {
            await f.AddAsync(new string('x', 20_000));
        }

        var stage = f.Stage();
        EngineFixture.Complete(stage, f.Take(stage), Outcome.Done());
        f.Pass(TimeSpan.FromDays(40));
        await f.AddAsync("newer");
        for (var i = 0; i < 120; i++)
        {
            await f.AddAsync(new string('y', 20_000));
        }

        f.Engine.Checkpoint();
        var pin = f.Engine.PinHistory();
        f.Engine.Trim(long.MaxValue);
        Assert.Equal(0, f.Engine.Journal.Begin);

        pin.Dispose();
        pin.Dispose();
        f.Engine.Trim(long.MaxValue);
        Assert.True(f.Engine.Journal.Begin > 0);
    }
}

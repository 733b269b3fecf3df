using Strowger.Engine.Jobs;

namespace Strowger.Engine.Tests.Jobs;

public sealed class UniqueKeysTests
{
    private const long Now = 1_800_000_000_000;
    private const int Many = (3 * UniqueKeys.KeysPerChunk) + 100;
    private static readonly long _life = (long)EngineLimits.UniqueKeyLife.TotalMilliseconds;

    [Fact]
    public void Keys_are_found_until_their_life_is_over()
    {
        var keys = new UniqueKeys();
        for (var i = 0; i < Many; i++)
        {
            keys.Add((UInt128)i, i * 10L, (ulong)i, Now + (i < Many / 2 ? 0 : 60_000));
        }

        keys.Forget(Now + _life);
        Assert.Equal(Many - (Many / 2), keys.Count);
        Assert.False(keys.TryGet((UInt128)((Many / 2) - 1), out _, out _));
        for (var i = Many / 2; i < Many; i++)
        {
            Assert.True(keys.TryGet((UInt128)i, out var id, out var content));
            Assert.Equal((i * 10L, (ulong)i), (id, content));
        }

        // One that was forgotten may be taken again, by another job.
        keys.Add(5, 77, 78, Now + _life);
        Assert.True(keys.TryGet(5, out var again, out _));
        Assert.Equal(77, again);

        keys.Forget(Now + (3 * _life));
        Assert.Equal(0, keys.Count);
        Assert.Empty(keys.Snapshot().SelectMany(p => p.ToArray()));
    }

    [Fact]
    public void What_a_checkpoint_takes_stays_as_it_was_and_brings_all_back()
    {
        var keys = new UniqueKeys();
        for (var i = 0; i < Many; i++)
        {
            keys.Add((UInt128)i, i, 0, Now + (i < 100 ? 0 : 60_000));
        }

        keys.Forget(Now + _life);
        var taken = keys.Snapshot();
        for (var i = Many; i < 2 * Many; i++)
        {
            keys.Add((UInt128)i, i, 0, Now + 60_000);
        }

        var restored = new UniqueKeys();
        foreach (var held in taken.SelectMany(p => p.ToArray()))
        {
            restored.Restore(held);
        }

        Assert.Equal(Many - 100, restored.Count);
        Assert.False(restored.TryGet(99, out _, out _));
        Assert.True(restored.TryGet(100, out var first, out _));
        Assert.True(restored.TryGet(Many - 1, out var last, out _));
        Assert.Equal((100, Many - 1), (first, last));
        Assert.False(restored.TryGet(Many, out _, out _));
    }
}

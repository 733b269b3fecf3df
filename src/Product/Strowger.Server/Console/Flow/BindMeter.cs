using Strowger.Features.Messaging.Channels;

namespace Strowger.Server.ConsolePage;

/// <summary>What each bind's carrier took a second, over the last five: looks a second apart. Used by one thread.</summary>
internal sealed class BindMeter(TimeProvider time)
{
    private const int Looks = 6;

    private static readonly TimeSpan _apart = TimeSpan.FromMilliseconds(900);

    private readonly Queue<(long Stamp, Dictionary<(string Channel, int Bind), long> Taken)> _looks = new();
    private long _last;
    private long _now;

    public void Look(IReadOnlyList<Channel> channels, long now)
    {
        _now = now;
        if (_looks.Count > 0 && time.GetElapsedTime(_last, now) < _apart)
        {
            return;
        }

        var taken = new Dictionary<(string, int), long>();
        foreach (var channel in channels)
        {
            foreach (var bind in channel.Binds)
            {
                taken[(channel.Name, bind.Number)] = bind.Taken;
            }
        }

        _last = now;
        _looks.Enqueue((now, taken));
        if (_looks.Count > Looks)
        {
            _looks.Dequeue();
        }
    }

    public double Rate(string channel, BindInfo bind)
    {
        var (stamp, taken) = _looks.Peek();
        var seconds = time.GetElapsedTime(stamp, _now).TotalSeconds;

        // A channel made anew counts from nothing again.
        return seconds > 0.5 && taken.TryGetValue((channel, bind.Number), out var before) && bind.Taken >= before
            ? Math.Round((bind.Taken - before) / seconds, 1) : 0;
    }
}

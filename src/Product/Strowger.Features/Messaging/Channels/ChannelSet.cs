using Strowger.Engine;
using Strowger.Features.Messaging.Routes;
using Strowger.Records.Receipts;

namespace Strowger.Features.Messaging.Channels;

/// <summary>
/// The channels that run, and which queues each serves. Channels come, change and go while texts wait: queues belong to routes,
/// so nothing is moved.
/// </summary>
public sealed class ChannelSet(JobEngine engine, ReceiptIndexStore receipts, TimeProvider time, Random random) : IDisposable
{
    /// <summary>How long a channel that is taken away waits for answers on the way.</summary>
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Channel[] _channels = [];
    private volatile RouteTable _routes = new([]);

    public IReadOnlyList<Channel> All => _channels;

    public RouteTable Routes => _routes;

    public Channel? Find(string name) => Array.Find(_channels, c => c.Name == name);

    public async Task AddAsync(ChannelSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            var channel = Make(settings);
            _channels = [.. _channels, channel];
            Rewire();
            channel.Start();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Applies new settings; connections are made anew only when they must be.</summary>
    public async Task<bool> ChangeAsync(ChannelSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Find(settings.Name) is not { } old)
            {
                return false;
            }

            if (!old.TryChange(settings))
            {
                await TakeAwayAsync(old).ConfigureAwait(false);
                var channel = Make(settings);
                _channels = [.. _channels.Select(c => ReferenceEquals(c, old) ? channel : c)];
                Rewire();
                channel.Start();
            }

            Rewire();
            SetPaused(Find(settings.Name)!);
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task<bool> RemoveAsync(string name)
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Find(name) is not { } channel)
            {
                return false;
            }

            _channels = [.. _channels.Where(c => !ReferenceEquals(c, channel))];
            Rewire();
            await TakeAwayAsync(channel).ConfigureAwait(false);
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task StopAsync(TimeSpan deadline) =>
        await Task.WhenAll(_channels.Select(c => c.StopAsync(deadline))).ConfigureAwait(false);

    public void Dispose() => _one.Dispose();

    private Channel Make(ChannelSettings settings)
    {
        var stage = engine.AddStage(Channel.OptionsOf(settings));
        Channel channel = settings.Kind switch
        {
            "smpp" => new SmppChannel(settings, stage, engine, receipts, time, random),
            _ => new DiscardChannel(settings, stage),
        };
        SetPaused(channel);
        return channel;
    }

    private static void SetPaused(Channel channel)
    {
        if (channel.Settings.Paused)
        {
            channel.Stage.Pause();
        }
        else
        {
            channel.Stage.Resume();
        }
    }

    private async Task TakeAwayAsync(Channel channel)
    {
        await channel.StopAsync(_drain).ConfigureAwait(false);
        engine.RemoveStage(channel.Stage);
        channel.Stage.Dispose();
    }

    /// <summary>Each channel serves its own queue, those of its routes, and those of prefixes that no channel names any more.</summary>
    private void Rewire()
    {
        var routes = new RouteTable(_channels.Select(c => c.Settings));
        var served = _channels.ToDictionary(c => c.Name, c => new HashSet<string> { Route.PinnedQueueOf(c.Name) });
        foreach (var route in routes.All)
        {
            Add(served, route, route.Queue);
        }

        foreach (var queue in engine.GetQueues())
        {
            if (Route.PrefixOf(queue.Name) is { } prefix && queue.Live > 0 && !routes.All.Any(r => r.Prefix == prefix)
                && routes.FindForPrefix(prefix) is { } heir)
            {
                Add(served, heir, queue.Name);
            }
        }

        foreach (var channel in _channels)
        {
            channel.Stage.Serve(served[channel.Name]);
        }

        _routes = routes;
    }

    private static void Add(Dictionary<string, HashSet<string>> served, Route route, string queue)
    {
        foreach (var name in route.Channels)
        {
            served[name].Add(queue);
        }
    }
}

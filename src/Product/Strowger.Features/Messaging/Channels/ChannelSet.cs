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
    private Dictionary<Channel, HashSet<string>> _served = [];
    private volatile Channel[] _channels = [];
    private volatile RouteTable _routes = new([]);

    public IReadOnlyList<Channel> All => _channels;

    public RouteTable Routes => _routes;

    public Channel? Find(string name) => Array.Find(_channels, c => c.Name == name);

    /// <summary>Why a channel could not be added or changed so; null when it could. To be asked before the settings are kept.</summary>
    public RequestError? Check(ChannelSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var others = _channels.Where(c => c.Name != settings.Name).Select(c => c.Settings.Prefixes);
        return RouteTable.ProblemOf([.. others, settings.Prefixes]) is { } crowded
            ? new RequestError(422, "invalid_value", "prefixes", $"prefixes: {crowded}.")
            : ChannelCheck.Of(settings);
    }

    /// <exception cref="ArgumentException">It cannot run (<see cref="Check"/> says why), or there is one of that name; nothing has changed.</exception>
    public async Task AddAsync(ChannelSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Find(settings.Name) is not null)
            {
                throw new ArgumentException($"There is a channel '{settings.Name}' already.", nameof(settings));
            }

            ThrowIfWrong(settings);
            var channel = Make(settings, null);
            try
            {
                Wire([.. _channels, channel]);
            }
            catch
            {
                Remove(channel.Stage);
                throw;
            }

            channel.Start();
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Applies new settings; connections are made anew only when they must be. False when there is none of that name.</summary>
    /// <exception cref="ArgumentException">It cannot run so (<see cref="Check"/> says why); it goes on as it was.</exception>
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

            ThrowIfWrong(settings);
            if (old.TryChange(settings))
            {
                SetPaused(old);
                Wire(_channels);
                return true;
            }

            // The new one is there before the old one goes: what cannot be made takes nothing away.
            var channel = Make(settings, old);
            try
            {
                await TakeAwayAsync(old).ConfigureAwait(false);
            }
            finally
            {
                Wire([.. _channels.Select(c => ReferenceEquals(c, old) ? channel : c)]);
                channel.Start();
            }

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

            Wire([.. _channels.Where(c => !ReferenceEquals(c, channel))]);
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

    private void ThrowIfWrong(ChannelSettings settings)
    {
        if (Check(settings) is { } problem)
        {
            throw new ArgumentException(problem.Detail, nameof(settings));
        }
    }

    private Channel Make(ChannelSettings settings, Channel? before)
    {
        var stage = engine.AddStage(Channel.OptionsOf(settings));
        try
        {
            Channel channel = settings.Kind switch
            {
                "smpp" => new SmppChannel(settings, stage, engine, receipts, time, random, before as SmppChannel),
                _ => new DiscardChannel(settings, stage),
            };
            SetPaused(channel);
            return channel;
        }
        catch
        {
            Remove(stage);
            throw;
        }
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
        try
        {
            await channel.StopAsync(_drain).ConfigureAwait(false);
        }
        finally
        {
            Remove(channel.Stage);
        }
    }

    private void Remove(Stage stage)
    {
        engine.RemoveStage(stage);
        stage.Dispose();
    }

    /// <summary>Makes these the channels that run. Each serves its own queue, those of its routes, and those of prefixes that no channel names any more.</summary>
    private void Wire(Channel[] channels)
    {
        var routes = new RouteTable(channels.Select(c => c.Settings));
        var byName = channels.ToDictionary(c => c.Name, c => new HashSet<string> { Route.PinnedQueueOf(c.Name) });
        foreach (var route in routes.All)
        {
            Add(byName, route, route.Queue);
        }

        // Empty ones too: a text on its way in may still enter by a route that goes at this moment.
        foreach (var queue in engine.GetQueues())
        {
            if (Route.PrefixOf(queue.Name) is { } prefix && !routes.Has(prefix) && routes.FindForPrefix(prefix) is { } heir)
            {
                Add(byName, heir, queue.Name);
            }
        }

        var served = channels.ToDictionary(c => c, c => byName[c.Name]);

        // Those that leave a queue leave it before others come: a queue has places for the channels of one route.
        foreach (var (channel, before) in _served)
        {
            channel.Stage.Serve(before.Intersect(served.GetValueOrDefault(channel, [])).ToHashSet());
        }

        foreach (var (channel, queues) in served)
        {
            channel.Stage.Serve(queues);
        }

        (_served, _channels, _routes) = (served, channels, routes);
    }

    private static void Add(Dictionary<string, HashSet<string>> served, Route route, string queue)
    {
        foreach (var name in route.Channels)
        {
            served[name].Add(queue);
        }
    }
}

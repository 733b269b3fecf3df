using Strowger.Engine.Journaling;

namespace Strowger.Server.ConsolePage;

/// <summary>
/// Tells what changed between one look and the next: channels that go and come, a wave of texts taken in, a backlog that has
/// left, a full disk. Called once a second or oftener, by one thread.
/// </summary>
internal sealed class FlowChanges(Action<Happening> tell)
{
    /// <summary>Fewer texts a second are daily business, not a wave.</summary>
    private const long WavePerSecond = 500;

    /// <summary>A start takes this long to connect before it is a failure.</summary>
    private static readonly TimeSpan _connecting = TimeSpan.FromSeconds(3);

    /// <summary>A wave that pauses for less is one wave.</summary>
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, ChannelState> _channels = [];
    private FlowSnapshot? _last;
    private DateTimeOffset _waveSince;
    private DateTimeOffset _waveUntil;
    private long _waveFrom = -1;
    private long _waveTo;
    private long _waiting;
    private DateTimeOffset _waitingSince;
    private long _sentFrom;

    public void Look(FlowSnapshot flow)
    {
        foreach (var channel in flow.Channels)
        {
            LookAt(channel, flow);
        }

        foreach (var name in _channels.Keys.Except(flow.Channels.Select(c => c.Name)).ToList())
        {
            _channels.Remove(name);
            Tell(flow, Tone.Calm, $"{name} was removed.");
        }

        if (_last is { } last)
        {
            LookAtDisk(last, flow);
            LookForWave(last, flow);
        }

        LookAtBacklog(flow);
        _last = flow;
    }

    private void LookAt(ChannelFlow channel, FlowSnapshot flow)
    {
        if (!_channels.TryGetValue(channel.Name, out var known))
        {
            _channels.Add(channel.Name, known = new ChannelState { State = "new", Since = flow.Now });
        }

        if (known.Seen != channel.State)
        {
            (known.Seen, known.SeenSince) = (channel.State, flow.Now);
        }

        if (known.State != channel.State && flow.Now - known.SeenSince >= Grace(known.State, channel.State))
        {
            var (tone, text) = Change(known, channel, flow);
            Tell(flow, tone, text);
            known.Since = known.State is "down" && channel.State is "partly_up" ? known.Since : known.SeenSince;
            known.State = channel.State;
        }

        if (channel.IsThrottled != known.IsThrottled)
        {
            known.IsThrottled = channel.IsThrottled;
            if (channel.IsMoving && channel is { Rate: { } contract, RateNow: { } now })
            {
                Tell(flow, channel.IsThrottled ? Tone.Attention : Tone.Calm, channel.IsThrottled
                    ? $"{channel.Name} refuses texts as too fast; slowed down to {Words.PerSecond(now)} of {Words.Rate(contract)}."
                    : $"{channel.Name} takes its full {Words.PerSecond(contract)} again.");
            }
        }
    }

    /// <summary>Binds come one after the other: a state on the way to another one is no news.</summary>
    private static TimeSpan Grace(string from, string to) => (from, to) switch
    {
        ("new", "down") or ("new" or "down", "partly_up") => _connecting,
        ("up", "partly_up") => ConsoleLimits.Look,
        _ => TimeSpan.Zero,
    };

    private static (Tone Tone, string Text) Change(ChannelState known, ChannelFlow channel, FlowSnapshot flow)
    {
        var bound = channel.Binds.Count(b => b.IsBound);
        var reason = channel.Reason is { } why ? $" ({Words.Brief(why)})" : "";
        var after = known.State is "down" or "partly_up" ? $" after {Words.Duration(flow.Now - known.Since)}" : "";
        return channel.State switch
        {
            "up" when known.State == "new" => (Tone.Calm, channel.Binds.Count == 0 ? $"{channel.Name} is up." : $"{channel.Name} is up with {Binds(channel.Binds.Count)}."),
            "up" when known.State == "paused" => (Tone.Calm, $"{channel.Name} was resumed."),
            "up" when known.State == "partly_up" => (Tone.Calm, $"{AllBinds(channel.Binds.Count, "All", "Both")} of {channel.Name} are back{after}; nothing was lost."),
            "up" => (Tone.Calm, $"{channel.Name} is back{after}{(channel.Binds.Count > 1 ? $" with {AllBinds(channel.Binds.Count, "all", "both")}" : "")}; sending goes on, nothing was lost."),
            "partly_up" when known.State is "down" or "new" => (Tone.Attention, $"{channel.Name} is back with {bound} of {Binds(channel.Binds.Count)}{after}."),
            "partly_up" => (Tone.Attention, $"{channel.Name} lost {Binds(channel.Binds.Count - bound)}{reason}; the rest carries on."),
            "paused" => (Tone.Attention, $"{channel.Name} was paused."),
            _ => (Tone.Trouble, $"{channel.Name} is down{reason}; {(channel.Waiting > 0 ? Words.Texts(channel.Waiting) + " wait safely." : "what comes in waits safely.")}"),
        };
    }

    private void LookAtDisk(FlowSnapshot last, FlowSnapshot flow)
    {
        if (last.Space != flow.Space)
        {
            var isRoom = flow.Space == JournalSpace.Normal;
            Tell(flow, isRoom ? Tone.Calm : Tone.Trouble, isRoom ? "There is room on the disk again; texts are taken in." : "The disk is full; nothing new is taken, what was accepted is safe.");
        }
    }

    private void LookForWave(FlowSnapshot last, FlowSnapshot flow)
    {
        var seconds = Math.Max(0.001, (flow.Now - last.Now).TotalSeconds);
        var isWave = (flow.AcceptedTotal - last.AcceptedTotal) / seconds >= WavePerSecond;
        if (isWave)
        {
            (_waveFrom, _waveSince) = _waveFrom < 0 ? (last.AcceptedTotal, last.Now) : (_waveFrom, _waveSince);
            (_waveTo, _waveUntil) = (flow.AcceptedTotal, flow.Now);
        }
        else if (_waveFrom >= 0 && flow.Now - _waveUntil >= _quiet)
        {
            Tell(flow, Tone.Calm, $"{Words.Texts(_waveTo - _waveFrom)} taken in within {Words.Duration(_waveUntil - _waveSince)}, all on disk.");
            _waveFrom = -1;
        }
    }

    /// <summary>A backlog worth a word is one of more than a second's wave.</summary>
    private void LookAtBacklog(FlowSnapshot flow)
    {
        if (_waiting == 0 && flow.WaitingTotal > 0)
        {
            (_waitingSince, _sentFrom) = (flow.Now, flow.SentTotal);
        }

        _waiting = flow.WaitingTotal > 0 ? Math.Max(_waiting, flow.WaitingTotal) : _waiting;
        if (flow.WaitingTotal == 0 && _waiting > 0)
        {
            var took = flow.Now - _waitingSince;
            if (_waiting >= WavePerSecond && took > TimeSpan.FromSeconds(1))
            {
                var sent = flow.SentTotal - _sentFrom;
                Tell(flow, Tone.Calm, $"The last of {Words.Texts(sent)} has left: {Words.Duration(took)}, {Words.PerSecond(sent / took.TotalSeconds)}.");
            }

            _waiting = 0;
        }
    }

    private void Tell(FlowSnapshot flow, Tone tone, string text) => tell(new Happening(flow.Now.ToUnixTimeMilliseconds(), tone, text));

    private static string AllBinds(int count, string all, string both) => count == 2 ? both + " binds" : $"{all} {Binds(count)}";

    private static string Binds(int count) => count == 1 ? "1 bind" : Words.Count(count) + " binds";

    private sealed class ChannelState
    {
        /// <summary>As told, and since when it was so.</summary>
        public required string State { get; set; }

        public DateTimeOffset Since { get; set; }

        /// <summary>As seen last, and since when.</summary>
        public string Seen { get; set; } = string.Empty;

        public DateTimeOffset SeenSince { get; set; }

        public bool IsThrottled { get; set; }
    }
}

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
            Tell(flow, Tone.Calm, t => t["{0} was removed.", name]);
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
            var (tone, say) = Change(known, channel, flow);
            Tell(flow, tone, say);
            known.Since = known.State is "down" && channel.State is "partly_up" ? known.Since : known.SeenSince;
            known.State = channel.State;
        }

        if (channel.IsThrottled != known.IsThrottled)
        {
            known.IsThrottled = channel.IsThrottled;
            if (channel.IsMoving && channel is { Rate: { } contract, RateNow: { } now })
            {
                Tell(flow, channel.IsThrottled ? Tone.Attention : Tone.Calm, t => channel.IsThrottled
                    ? t["{0} refuses texts as too fast; slowed down to {1} of {2}.", channel.Name, t.PerSecond(now), t.Rate(contract)]
                    : t["{0} takes its full {1} again.", channel.Name, t.PerSecond(contract)]);
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

    private static (Tone Tone, Func<Language, string> Say) Change(ChannelState known, ChannelFlow channel, FlowSnapshot flow)
    {
        var name = channel.Name;
        var all = channel.Binds.Count;
        var bound = channel.Binds.Count(b => b.IsBound);
        var reason = channel.Reason is { } why ? $" ({Words.Brief(why)})" : "";
        var gone = flow.Now - known.Since;
        var wasAway = known.State is "down" or "partly_up";
        string After(Language t) => wasAway ? t[" after {0}", t.Duration(gone)] : "";
        return (channel.State, known.State) switch
        {
            ("up", "new") => (Tone.Calm, t => all == 0 ? t["{0} is up.", name] : t["{0} is up with {1}.", name, Binds(t, all)]),
            ("up", "paused") => (Tone.Calm, t => t["{0} was resumed.", name]),
            ("up", "partly_up") => (Tone.Calm, t => t["{0} of {1} are back{2}; nothing was lost.", AllBinds(t, all, isFirst: true), name, After(t)]),
            ("up", _) => (Tone.Calm, t => all > 1
                ? t["{0} is back{1} with {2}; sending goes on, nothing was lost.", name, After(t), AllBinds(t, all, isFirst: false)]
                : t["{0} is back{1}; sending goes on, nothing was lost.", name, After(t)]),
            ("partly_up", "down" or "new") => (Tone.Attention, t => t["{0} is back with {1} of {2}{3}.", name, bound, Binds(t, all), After(t)]),
            ("partly_up", _) => (Tone.Attention, t => t["{0} lost {1}{2}; the rest carries on.", name, Binds(t, all - bound), reason]),
            ("paused", _) => (Tone.Attention, t => t["{0} was paused.", name]),
            _ => (Tone.Trouble, t => t["{0} is down{1}; {2}", name, reason, channel.Waiting > 0 ? channel.Waiting == 1 ? t["1 text waits safely."] : t["{0} wait safely.", t.Texts(channel.Waiting)] : t["what comes in waits safely."]]),
        };
    }

    private void LookAtDisk(FlowSnapshot last, FlowSnapshot flow)
    {
        if (last.Space != flow.Space)
        {
            var isRoom = flow.Space == JournalSpace.Normal;
            Tell(flow, isRoom ? Tone.Calm : Tone.Trouble, t => isRoom ? t["There is room on the disk again; texts are taken in."] : t["The disk is full; nothing new is taken, what was accepted is safe."]);
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
            var (texts, took) = (_waveTo - _waveFrom, _waveUntil - _waveSince);
            Tell(flow, Tone.Calm, t => t["{0} taken in within {1}, all on disk.", t.Texts(texts), t.Duration(took)]);
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
                Tell(flow, Tone.Calm, t => t["The last of {0} has left: {1}, {2}.", t.Texts(sent), t.Duration(took), t.PerSecond(sent / took.TotalSeconds)]);
            }

            _waiting = 0;
        }
    }

    private void Tell(FlowSnapshot flow, Tone tone, Func<Language, string> say) => tell(new Happening(flow.Now.ToUnixTimeMilliseconds(), tone, say));

    private static string AllBinds(Language t, int count, bool isFirst) => (count, isFirst) switch
    {
        (2, true) => t["Both binds"],
        (2, false) => t["both binds"],
        (_, true) => t["All {0}", Binds(t, count)],
        _ => t["all {0}", Binds(t, count)],
    };

    private static string Binds(Language t, int count) => count == 1 ? t["1 bind"] : t["{0} binds", t.Count(count)];

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

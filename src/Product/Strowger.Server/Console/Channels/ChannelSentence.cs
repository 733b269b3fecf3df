namespace Strowger.Server.ConsolePage;

/// <summary>Whether the channels give what is paid for, in one sentence: the worst first.</summary>
internal static class ChannelSentence
{
    public static Sentence Of(Language t, IReadOnlyList<ChannelFlow> channels)
    {
        if (channels.Count == 0)
        {
            return new SentenceBuilder(Tone.Attention).Say(t["There is no channel yet, so no text can leave."]).Build();
        }

        var down = channels.Where(c => c.State == "down").ToList();
        if (down.Count > 0)
        {
            var reason = down.Count == 1 && down[0].Reason is { } why ? $" ({Words.Brief(why)})" : "";
            return new SentenceBuilder(Tone.Trouble)
                .Alarm(down.Count == 1 ? t["{0} is down{1}", down[0].Name, reason] : t["{0} are down", Names(t, down)])
                .Say(". " + (down.Sum(c => c.Waiting) is > 0 and var waiting ? t["What waits for it is safe: {0}.", t.Texts(waiting)] : t["Nobody waits for it."]))
                .Detail(t["It is tried again all the time, and sending goes on by itself."]).Build();
        }

        if (channels.FirstOrDefault(c => c.IsStuck) is { } stuck)
        {
            return new SentenceBuilder(Tone.Trouble).Alarm(t["{0} is connected but answers nothing", stuck.Name]).Say(".").Build();
        }

        if (channels.FirstOrDefault(c => c.State == "partly_up") is { } partly)
        {
            return new SentenceBuilder(Tone.Attention)
                .Say(t["{0} has {1} of {2} binds; the rest carries on.", partly.Name, partly.Binds.Count(b => b.IsBound), partly.Binds.Count])
                .Detail(partly.Reason).Build();
        }

        if (channels.FirstOrDefault(c => SlowBind(c) is not null) is { } uneven && SlowBind(uneven) is { } bind)
        {
            return new SentenceBuilder(Tone.Attention)
                .Say(t["{0} of {1} takes only {2}; its other binds take {3} each.", t["bind {0}", bind.Number], uneven.Name, t.PerSecond(bind.Used), t.Rate(Others(uneven, bind))])
                .Detail(t["The carrier is slow on that connection. Ask it, or take one bind less and see whether the rest gives as much."]).Build();
        }

        if (channels.FirstOrDefault(c => c.IsThrottled) is { Rate: { } contract, RateNow: { } now } slow)
        {
            return new SentenceBuilder(Tone.Attention)
                .Say(t["{0} takes only {1} of the {2} you pay for.", slow.Name, t.PerSecond(now), t.Rate(contract)])
                .Detail(t["It has refused {0} as too fast; none is lost.", t.Texts(slow.Refused)]).Build();
        }

        if (channels.Where(c => c.State == "paused").ToList() is { Count: > 0 } paused)
        {
            return new SentenceBuilder(Tone.Attention).Say(paused.Count == 1 ? t["{0} is paused.", paused[0].Name] : t["{0} are paused.", Names(t, paused)]).Build();
        }

        return Well(t, channels);
    }

    /// <summary>The mean spans 5 whole seconds.</summary>
    private static readonly TimeSpan _judgedAfter = TimeSpan.FromSeconds(6);

    /// <summary>From here on it is full: pacing keeps half a hundredth back, and a mean wavers.</summary>
    private const double FullShare = 0.9;

    /// <summary>A bind whose window is full and over which far less goes than over the others, while texts wait.</summary>
    private static BindFlow? SlowBind(ChannelFlow c) =>
        c.Waiting == 0 || c.Binds.Count < 2 || c.Used < MinJudged ? null
        : c.Binds.FirstOrDefault(b => b.IsFull && b.Used < Others(c, b) / 2);

    /// <summary>Below this many a second chance decides which bind gets more.</summary>
    private const double MinJudged = 20;

    private static double Others(ChannelFlow c, BindFlow bind) => c.Binds.Where(b => b != bind && b.IsBound).Select(b => b.Used).DefaultIfEmpty(0).Average();

    private static Sentence Well(Language t, IReadOnlyList<ChannelFlow> channels)
    {
        var busy = channels.Where(c => c.Rate is not null && c.Waiting > 0).ToList();
        if (busy.FirstOrDefault(c => c.BusyFor >= _judgedAfter && c.Used < c.Rate * FullShare) is { Rate: { } paid } slow)
        {
            return new SentenceBuilder(Tone.Attention)
                .Say(t["{0} gives only {1} of its contract, {2} of {3} a second, although texts wait.", slow.Name, t.Percent(slow.Used / paid), t.Rate(slow.Used), t.Rate(paid)])
                .Detail(slow.InFlight < slow.Width * FullShare ? t["Its windows have room: the limit is on this side."]
                    : t["Its windows are full: the carrier answers after {0}. More binds or a larger window help.", t.Duration(TimeSpan.FromMilliseconds(slow.RoundTripMs ?? 0))]).Build();
        }

        var sentence = new SentenceBuilder(Tone.Calm);
        if (busy.Any(c => c.BusyFor < _judgedAfter))
        {
            sentence.Say(t["{0} wait; how much of the contract goes out is known in a few seconds.", t.Texts(busy.Max(c => c.Waiting))]);
        }
        else if (busy.Count > 0)
        {
            var (used, rate) = (busy.Sum(c => c.Used), busy.Sum(c => c.Rate!.Value));
            sentence.Say(busy.Count == 1 ? t["{0} is full: {1} of {2} a second, {3} of the contract.", busy[0].Name, t.Rate(used), t.Rate(rate), t.Percent(used / rate)]
                : t["{0} channels are full: {1} of {2} a second, {3} of their contracts.", busy.Count, t.Rate(used), t.Rate(rate), t.Percent(used / rate)]);
        }
        else
        {
            sentence.Say(channels.Count == 1 ? t["{0} is up and has room.", channels[0].Name] : t["All {0} channels are up and have room.", channels.Count]);
        }

        return sentence.Build();
    }

    private static string Names(Language t, List<ChannelFlow> channels) =>
        channels.Count <= 3 ? string.Join(", ", channels.Select(c => c.Name)) : t["{0} channels", channels.Count];
}

using Strowger.Engine.Journaling;

namespace Strowger.Server.ConsolePage;

/// <summary>What the flow is doing, in one sentence: the worst thing first, numbers with their units, and what becomes of the texts.</summary>
internal sealed class FlowSentence(Language t)
{
    public static Sentence Of(FlowSnapshot flow) => Of(flow, Language.English);

    public static Sentence Of(FlowSnapshot flow, Language t) => new FlowSentence(t).Judge(flow);

    private Sentence Judge(FlowSnapshot flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Space != JournalSpace.Normal)
        {
            return DiskFull(flow);
        }

        if (flow.Channels.Count == 0 || flow.Unserved > 0)
        {
            return NoChannel(flow);
        }

        var blocked = flow.Groups.Where(g => g.IsBlocked).ToList();
        if (blocked.Count > 0)
        {
            return Blocked(flow, blocked);
        }

        if (flow.InPausedQueues > 0)
        {
            return QueuePaused(flow);
        }

        var slow = flow.Groups.Where(g => g.Drain is not { TotalSeconds: < 1 }).ToList();
        return slow.Count > 0 ? Waiting(flow, slow) : Nobody(flow);
    }

    private Sentence DiskFull(FlowSnapshot flow)
    {
        var sentence = new SentenceBuilder(Tone.Trouble).Alarm(t["The disk is full"]).Say(t[": what was accepted is safe"]);
        if (flow.WaitingTotal > 0)
        {
            sentence.Say(", ").Figure(t.Texts(flow.WaitingTotal)).Say(flow.WaitingTotal == 1 ? t[" waits"] : t[" wait"]);
        }

        sentence.Say(t[", nothing new is taken until there is room."]);
        return sentence.Detail(flow.Space == JournalSpace.OutcomesOnly
            ? t["Sending goes on from the reserve. Senders hear 503 storage_full and try again."]
            : t["Sending has stopped too: its outcomes could not be recorded. It goes on by itself when there is room."]).Build();
    }

    private Sentence NoChannel(FlowSnapshot flow)
    {
        if (flow.Unserved > 0)
        {
            return new SentenceBuilder(Tone.Trouble)
                .Figure(t.Texts(flow.Unserved)).Say(flow.Unserved == 1 ? t[" is safe and waits: "] : t[" are safe and wait: "])
                .Alarm(flow.Unserved == 1 ? t["no channel serves its number."] : t["no channel serves their numbers."])
                .Detail(t["Add a channel without prefixes, the default route: strowger channels add"]).Build();
        }

        return new SentenceBuilder(Tone.Attention)
            .Say(t["There is no channel yet, so no text can leave."])
            .Detail(t["Add the first one below."]).Build();
    }

    private Sentence Blocked(FlowSnapshot flow, List<WaitingGroup> blocked)
    {
        var channels = blocked.SelectMany(g => g.Channels).DistinctBy(c => c.Name).ToList();
        var waiting = blocked.Sum(g => g.Waiting);
        var names = t.List([.. channels.Select(c => c.Name)]);
        var isOne = channels.Count == 1;
        var wait = waiting == 1 ? t[" is safe and waits"] : t[" are safe and wait"];
        var isPaused = channels.All(c => c.State == "paused");
        var isStuck = channels.All(c => c.IsStuck);
        var sentence = new SentenceBuilder(isPaused ? Tone.Attention : Tone.Trouble);
        if (isPaused)
        {
            sentence.Say(isOne ? t["{0} is paused: ", names] : t["{0} are paused: ", names]).Figure(t.Texts(waiting)).Say(wait + (isOne ? t[" until it is resumed."] : t[" until they are resumed."]));
        }
        else if (isStuck)
        {
            sentence.Alarm(isOne ? t["{0} is connected but answers nothing", names] : t["{0} are connected but answer nothing", names]).Say(": ").Figure(t.Texts(waiting)).Say(wait + ".");
            sentence.Detail(t["What it was given is sent again when the time for its answer is over, unless a late answer or receipt comes first."]);
        }
        else
        {
            sentence.Alarm(isOne ? t["{0} is down{1}", names, ReasonOf(channels)] : t["{0} are down{1}", names, ReasonOf(channels)]).Say(": ").Figure(t.Texts(waiting)).Say(wait + ".");
            sentence.Detail(t["It is tried again all the time, and sending goes on by itself."]);
        }

        var rest = flow.Groups.Where(g => !g.IsBlocked).Sum(g => g.Waiting);
        return sentence
            .Detail(rest == 0 ? null : rest == 1 ? t["{0} for other channels goes out meanwhile.", t.Texts(rest)] : t["{0} for other channels go out meanwhile.", t.Texts(rest)])
            .Detail(Unsure(flow)).Build();
    }

    private Sentence QueuePaused(FlowSnapshot flow) => new SentenceBuilder(Tone.Attention)
        .Say(t["The queue {0} is paused: ", t.List(flow.PausedQueues)])
        .Figure(t.Texts(flow.InPausedQueues)).Say(flow.InPausedQueues == 1 ? t[" is safe and waits."] : t[" are safe and wait."])
        .Detail(t["Resume it with strowger queues."]).Build();

    private Sentence Waiting(FlowSnapshot flow, List<WaitingGroup> groups)
    {
        var channels = groups.SelectMany(g => g.Channels).Where(c => c.IsMoving).DistinctBy(c => c.Name).ToList();
        var waiting = groups.Sum(g => g.Waiting);
        var throttled = channels.FirstOrDefault(c => c.IsThrottled);
        var sentence = new SentenceBuilder(throttled is null ? Tone.Calm : Tone.Attention);
        if (throttled is { Rate: { } contract, RateNow: { } now })
        {
            sentence.Say(t["{0} takes only ", throttled.Name]).Figure(t.PerSecond(now)).Say(t[", {0} of its contract: ", t.Percent(now / contract)]);
        }

        sentence.Figure(t.Texts(waiting)).Say(waiting == 1 ? t[" is waiting"] : t[" are waiting"]);
        sentence.Say(throttled is not null && channels.Count == 1 ? "" : t[" for {0}", t.List([.. channels.Select(c => c.Name)])]);
        AddLast(sentence, flow, groups, channels, isTold: throttled is not null);
        return sentence
            .Detail(throttled is null ? null : t["It has refused {0} as too fast; none is lost, and the rate climbs back to what it really takes.", t.Texts(throttled.Refused)])
            .Detail(OthersDown(flow)).Detail(Unsure(flow)).Build();
    }

    /// <summary>When the last one leaves. Several groups end at different times: the latest is told, with its channel.</summary>
    private void AddLast(SentenceBuilder sentence, FlowSnapshot flow, List<WaitingGroup> groups, List<ChannelFlow> channels, bool isTold)
    {
        if (groups.Any(g => g.Drain is null))
        {
            sentence.Say(t["; how fast they leave is known in a few seconds."]);
            return;
        }

        var last = groups.MaxBy(g => g.Drain)!;
        var drain = last.Drain!.Value;
        if (!isTold && groups.Count == 1)
        {
            sentence.Say(t["; at "]).Figure(t.PerSecond(last.Rate)).Say(channels.Count > 1 ? t[" together the last one leaves at "] : t[" the last one leaves at "]);
        }
        else
        {
            sentence.Say(isTold ? ", " : "; ").Say(groups.Count == 1 ? t["the last one leaves at "] : t["the last one, over {0}, leaves at ", t.List([.. last.Channels.Select(c => c.Name)])]);
        }

        // The next whole second: a moment that does not flicker from look to look.
        var end = flow.Now + drain;
        var whole = new DateTimeOffset((end.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, end.Offset);
        sentence.At(whole).Say(t[" (in {0}).", t.Duration(TimeSpan.FromSeconds(Math.Ceiling(drain.TotalSeconds)))]);
    }

    private Sentence Nobody(FlowSnapshot flow)
    {
        var down = flow.Channels.Where(c => !c.IsMoving).ToList();
        var used = flow.Channels.Sum(c => c.Used);
        var sentence = new SentenceBuilder(down.Any(c => c.State == "down") ? Tone.Attention : Tone.Calm);
        if (down.Count == flow.Channels.Count && down.All(c => c.State == "down"))
        {
            var names = t.List([.. down.Select(c => c.Name)]);
            return sentence.Alarm((down.Count == 1 ? t["{0} is down{1}", names, ReasonOf(down)] : t["{0} are down{1}", names, ReasonOf(down)]) + ".").Say(t[" Nobody is waiting."])
                .Detail(t["It is tried again all the time. What comes in meanwhile is kept safe."]).Detail(Later(flow)).Build();
        }

        return sentence.Say(t["Nobody is waiting."])
            .Detail(used > 0 ? t["Texts leave as they come in, {0}.", t.PerSecond(used)] : t["Nothing to send."])
            .Detail(OthersDown(flow)).Detail(Later(flow)).Detail(Unsure(flow)).Build();
    }

    private string? OthersDown(FlowSnapshot flow)
    {
        var lines = flow.Channels.Where(c => c.State != "up").Select(c => c.State switch
        {
            "paused" => t["{0} is paused.", c.Name],
            "down" => t["{0} is down{1}", c.Name, ReasonOf([c])] + ".",
            _ => t["{0} has {1} of {2} binds{3}; the rest carries on.", c.Name, c.Binds.Count(b => b.IsBound), c.Binds.Count, ReasonOf([c])],
        });
        return string.Join(" ", lines.Take(3));
    }

    private string? Later(FlowSnapshot flow) =>
        flow.Scheduled == 0 ? null : flow.Scheduled == 1 ? t["{0} is scheduled for later.", t.Texts(1)] : t["{0} are scheduled for later.", t.Texts(flow.Scheduled)];

    private string? Unsure(FlowSnapshot flow) => flow.Unsure == 0 ? null
        : flow.Unsure == 1 ? t["{0} was on the wire; a late answer or receipt tells whether the carrier has it.", t.Texts(1)]
        : t["{0} were on the wire; a late answer or receipt tells whether the carrier has them.", t.Texts(flow.Unsure)];

    /// <summary>One reason for all, in brackets; nothing when they differ or none is known.</summary>
    private static string ReasonOf(List<ChannelFlow> channels)
    {
        var reasons = channels.Select(c => c.Reason).OfType<string>().Select(Words.Brief).Distinct().ToList();
        return reasons.Count == 1 ? $" ({reasons[0]})" : "";
    }
}

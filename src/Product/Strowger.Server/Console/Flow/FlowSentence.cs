using Strowger.Engine.Journaling;

namespace Strowger.Server.ConsolePage;

/// <summary>What the flow is doing, in one sentence: the worst thing first, numbers with their units, and what becomes of the texts.</summary>
internal static class FlowSentence
{
    public static Sentence Of(FlowSnapshot flow)
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

    private static Sentence DiskFull(FlowSnapshot flow)
    {
        var sentence = new SentenceBuilder(Tone.Trouble).Alarm("The disk is full").Say(": what was accepted is safe");
        if (flow.WaitingTotal > 0)
        {
            sentence.Say(", ").Figure(Words.Texts(flow.WaitingTotal)).Say(flow.WaitingTotal == 1 ? " waits" : " wait");
        }

        sentence.Say(", nothing new is taken until there is room.");
        return sentence.Detail(flow.Space == JournalSpace.OutcomesOnly
            ? "Sending goes on from the reserve. Senders hear 503 storage_full and try again."
            : "Sending has stopped too: its outcomes could not be recorded. It goes on by itself when there is room.").Build();
    }

    private static Sentence NoChannel(FlowSnapshot flow)
    {
        if (flow.Unserved > 0)
        {
            return new SentenceBuilder(Tone.Trouble)
                .Figure(Words.Texts(flow.Unserved)).Say(flow.Unserved == 1 ? " is safe and waits: " : " are safe and wait: ")
                .Alarm("no channel serves " + (flow.Unserved == 1 ? "its number." : "their numbers."))
                .Detail("Add a channel without prefixes, the default route: strowger channels add").Build();
        }

        return new SentenceBuilder(Tone.Attention)
            .Say("There is no channel yet, so no text can leave.")
            .Detail("Add the first one below.").Build();
    }

    private static Sentence Blocked(FlowSnapshot flow, List<WaitingGroup> blocked)
    {
        var channels = blocked.SelectMany(g => g.Channels).DistinctBy(c => c.Name).ToList();
        var waiting = blocked.Sum(g => g.Waiting);
        var names = Words.List([.. channels.Select(c => c.Name)]);
        var are = channels.Count == 1 ? "is" : "are";
        var wait = waiting == 1 ? " is safe and waits" : " are safe and wait";
        var isPaused = channels.All(c => c.State == "paused");
        var isStuck = channels.All(c => c.IsStuck);
        var sentence = new SentenceBuilder(isPaused ? Tone.Attention : Tone.Trouble);
        if (isPaused)
        {
            sentence.Say($"{names} {are} paused: ").Figure(Words.Texts(waiting)).Say(wait + (channels.Count == 1 ? " until it is resumed." : " until they are resumed."));
        }
        else if (isStuck)
        {
            sentence.Alarm($"{names} {are} connected but {(channels.Count == 1 ? "answers" : "answer")} nothing").Say(": ").Figure(Words.Texts(waiting)).Say(wait + ".");
            sentence.Detail("What it was given is sent again when the time for its answer is over, unless a late answer or receipt comes first.");
        }
        else
        {
            sentence.Alarm($"{names} {are} down{ReasonOf(channels)}").Say(": ").Figure(Words.Texts(waiting)).Say(wait + ".");
            sentence.Detail("It is tried again all the time, and sending goes on by itself.");
        }

        var rest = flow.Groups.Where(g => !g.IsBlocked).Sum(g => g.Waiting);
        return sentence
            .Detail(rest > 0 ? $"{Words.Texts(rest)} for other channels {(rest == 1 ? "goes" : "go")} out meanwhile." : null)
            .Detail(Unsure(flow)).Build();
    }

    private static Sentence QueuePaused(FlowSnapshot flow) => new SentenceBuilder(Tone.Attention)
        .Say($"The queue {Words.List(flow.PausedQueues)} is paused: ")
        .Figure(Words.Texts(flow.InPausedQueues)).Say(flow.InPausedQueues == 1 ? " is safe and waits." : " are safe and wait.")
        .Detail("Resume it with strowger queues.").Build();

    private static Sentence Waiting(FlowSnapshot flow, List<WaitingGroup> groups)
    {
        var channels = groups.SelectMany(g => g.Channels).Where(c => c.IsMoving).DistinctBy(c => c.Name).ToList();
        var waiting = groups.Sum(g => g.Waiting);
        var throttled = channels.FirstOrDefault(c => c.IsThrottled);
        var sentence = new SentenceBuilder(throttled is null ? Tone.Calm : Tone.Attention);
        if (throttled is { Rate: { } contract, RateNow: { } now })
        {
            sentence.Say($"{throttled.Name} takes only ").Figure(Words.PerSecond(now)).Say($", {Words.Percent(now / contract)} of its contract: ");
        }

        sentence.Figure(Words.Texts(waiting)).Say((waiting == 1 ? " is" : " are") + " waiting");
        sentence.Say(throttled is not null && channels.Count == 1 ? "" : " for " + Words.List([.. channels.Select(c => c.Name)]));
        AddLast(sentence, flow, groups, channels, isTold: throttled is not null);
        return sentence
            .Detail(throttled is null ? null : $"It has refused {Words.Texts(throttled.Refused)} as too fast; none is lost, and the rate climbs back to what it really takes.")
            .Detail(OthersDown(flow)).Detail(Unsure(flow)).Build();
    }

    /// <summary>When the last one leaves. Several groups end at different times: the latest is told, with its channel.</summary>
    private static void AddLast(SentenceBuilder sentence, FlowSnapshot flow, List<WaitingGroup> groups, List<ChannelFlow> channels, bool isTold)
    {
        if (groups.Any(g => g.Drain is null))
        {
            sentence.Say("; how fast they leave is known in a few seconds.");
            return;
        }

        var last = groups.MaxBy(g => g.Drain)!;
        var drain = last.Drain!.Value;
        if (!isTold && groups.Count == 1)
        {
            sentence.Say("; at ").Figure(Words.PerSecond(last.Rate)).Say((channels.Count > 1 ? " together" : "") + " the last one leaves at ");
        }
        else
        {
            sentence.Say(isTold ? ", " : "; ").Say(groups.Count == 1 ? "the last one leaves at " : $"the last one, over {Words.List([.. last.Channels.Select(c => c.Name)])}, leaves at ");
        }

        // The next whole second: a moment that does not flicker from look to look.
        var end = flow.Now + drain;
        var whole = new DateTimeOffset((end.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, end.Offset);
        sentence.At(whole).Say($" (in {Words.Duration(TimeSpan.FromSeconds(Math.Ceiling(drain.TotalSeconds)))}).");
    }

    private static Sentence Nobody(FlowSnapshot flow)
    {
        var down = flow.Channels.Where(c => !c.IsMoving).ToList();
        var used = flow.Channels.Sum(c => c.Used);
        var sentence = new SentenceBuilder(down.Any(c => c.State == "down") ? Tone.Attention : Tone.Calm);
        if (down.Count == flow.Channels.Count && down.All(c => c.State == "down"))
        {
            var names = Words.List([.. down.Select(c => c.Name)]);
            return sentence.Alarm($"{names} {(down.Count == 1 ? "is" : "are")} down{ReasonOf(down)}.").Say(" Nobody is waiting.")
                .Detail("It is tried again all the time. What comes in meanwhile is kept safe.").Detail(Later(flow)).Build();
        }

        return sentence.Say("Nobody is waiting.")
            .Detail(used > 0 ? $"Texts leave as they come in, {Words.PerSecond(used)}." : "Nothing to send.")
            .Detail(OthersDown(flow)).Detail(Later(flow)).Detail(Unsure(flow)).Build();
    }

    private static string? OthersDown(FlowSnapshot flow)
    {
        var lines = flow.Channels.Where(c => c.State != "up").Select(c => c.State switch
        {
            "paused" => $"{c.Name} is paused.",
            "down" => $"{c.Name} is down{ReasonOf([c])}.",
            _ => $"{c.Name} has {c.Binds.Count(b => b.IsBound)} of {c.Binds.Count} binds{ReasonOf([c])}; the rest carries on.",
        });
        return string.Join(" ", lines.Take(3));
    }

    private static string? Later(FlowSnapshot flow) =>
        flow.Scheduled == 0 ? null : $"{Words.Texts(flow.Scheduled)} {(flow.Scheduled == 1 ? "is" : "are")} scheduled for later.";

    private static string? Unsure(FlowSnapshot flow) => flow.Unsure == 0 ? null
        : $"{Words.Texts(flow.Unsure)} {(flow.Unsure == 1 ? "was" : "were")} on the wire; a late answer or receipt tells whether the carrier has {(flow.Unsure == 1 ? "it" : "them")}.";

    /// <summary>One reason for all, in brackets; nothing when they differ or none is known.</summary>
    private static string ReasonOf(List<ChannelFlow> channels)
    {
        var reasons = channels.Select(c => c.Reason).OfType<string>().Select(Words.Brief).Distinct().ToList();
        return reasons.Count == 1 ? $" ({reasons[0]})" : "";
    }
}

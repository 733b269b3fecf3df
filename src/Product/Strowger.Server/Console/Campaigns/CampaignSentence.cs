using Strowger.Server.Http.Campaigns;

namespace Strowger.Server.ConsolePage;

/// <summary>When is it done, should I stop it: in one sentence.</summary>
internal static class CampaignSentence
{
    public static Sentence Of(Language t, IReadOnlyList<CampaignView> campaigns)
    {
        var running = campaigns.Where(c => c.State == "running").ToList();
        if (running.Count == 0)
        {
            var held = campaigns.Count(c => c.State == "paused");
            return new SentenceBuilder(held > 0 ? Tone.Attention : Tone.Calm)
                .Say(held > 0 ? t["No campaign is running; {0} held.", held] : t["No campaign is running."]).Build();
        }

        var sentence = new SentenceBuilder(Tone.Calm);
        sentence.Say(running.Count == 1 ? t["{0} is running.", running[0].Campaign.Name] : t["{0} campaigns are running.", running.Count]);
        if (running.TrueForAll(c => c.Eta is not null))
        {
            sentence.Say(" " + t["The last text leaves about"] + " ").At(running.Max(c => c.Eta!.Value)).Say(".");
        }
        else
        {
            sentence.Alarm(" " + t["One of them cannot say when it is done: nothing takes its texts now."]);
        }

        return sentence.Build();
    }

    public static Sentence Of(Language t, CampaignView view)
    {
        var left = Left(view);
        var bad = Bad(view);
        var sentence = new SentenceBuilder(view.State == "running" && bad > 0.05 ? Tone.Trouble : view.State is "paused" or "waiting" ? Tone.Attention : Tone.Calm);
        switch (view.State)
        {
            case "running" when view.Eta is { } eta:
                sentence.Say(t["{0} still to leave; the last about", t.Texts(left)] + " ").At(eta).Say(".");
                break;
            case "running":
                sentence.Alarm(t["{0} still to leave, and nothing takes them now.", t.Texts(left)]).Detail(t["See whether its channels are up."]);
                break;
            case "waiting":
                sentence.Say(t["Outside its recipients' hours: {0} left, it goes on", t.Texts(left)] + " ").At(view.OpensAt!.Value).Say(".");
                break;
            case "paused":
                sentence.Say(t["Held with {0} left, until it is resumed.", t.Texts(left)]);
                break;
            case "cancelling":
                sentence.Say(t["Ended: nothing leaves any more; what was queued is being settled."]);
                break;
            case "cancelled":
                sentence.Say(t["Ended before its end, after {0}.", t.Texts(view.Gone)]);
                break;
            default:
                sentence.Say(t["Done, after {0}.", t.Texts(view.Gone)]);
                break;
        }

        return sentence
            .Detail(view.Gone >= 100 && bad > 0.05 ? t["{0} of what has left did not arrive. Usual is under 5 %: look at the reasons before it goes on.", t.Percent(bad)] : null)
            .Build();
    }

    /// <summary>Rows in the file and texts in the queue.</summary>
    public static long Left(CampaignView view) => Math.Max(0, view.Campaign.Rows - view.Campaign.BadRows - view.Gone);

    /// <summary>Share of what has left that came to a bad end.</summary>
    public static double Bad(CampaignView view) => view.Gone == 0 ? 0 : view.Counts
        .Where(count => count.Key is Records.Messages.MessageStatus.Undelivered or Records.Messages.MessageStatus.Failed or Records.Messages.MessageStatus.Expired)
        .Sum(count => count.Value) / (double)view.Gone;
}

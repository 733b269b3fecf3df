using Strowger.Features.Notifications.Alarms;
using Strowger.Records.Settings;

namespace Strowger.Server.ConsolePage;

/// <summary>What a human must do now, in one sentence, and what to do about each kind of trouble.</summary>
internal static class ProblemSentence
{
    public static Sentence Of(Language t, IReadOnlyList<AlarmRecord> open)
    {
        var free = open.Where(a => a.State == AlarmState.Raised).ToArray();
        if (free.Length == 1)
        {
            return new SentenceBuilder(Tone.Trouble).Alarm(free[0].Subject).Say(": ").Say(Name(t, free[0].Rule)).Say(". ").Say(t["Nobody has it yet."]).Build();
        }

        if (free.Length > 1)
        {
            return new SentenceBuilder(Tone.Trouble).Alarm(t["{0} problems", t.Count(free.Length)]).Say(" ").Say(t["that nobody has taken yet."]).Build();
        }

        return open.Count > 0
            ? new SentenceBuilder(Tone.Attention).Say(open.Count == 1 ? t["There is one problem, and somebody has it."] : t["Somebody has each of {0} problems.", t.Count(open.Count)]).Build()
            : new SentenceBuilder(Tone.Calm).Say(t["Nothing needs a human now."]).Build();
    }

    public static string Name(Language t, string rule) => rule switch
    {
        AlarmRules.BindDown => t["channel down"],
        AlarmRules.Eta => t["too late"],
        AlarmRules.ReceiptsStopped => t["no receipts"],
        AlarmRules.DeliveryFallen => t["fewer delivered"],
        AlarmRules.Disk => t["disk"],
        AlarmRules.StageStalled => t["stands still"],
        AlarmRules.ProjectionLag => t["lists behind"],
        _ => t["a test"],
    };

    public static string Advice(Language t, string rule) => rule switch
    {
        AlarmRules.BindDown => t["Look at the channel's reason, test it, and call the carrier if it is not us. What waits is safe; another channel with the same prefix takes it over."],
        AlarmRules.Eta => t["More comes in than the contract lets out: raise the rate if the carrier allows, add a channel, or pause a campaign."],
        AlarmRules.ReceiptsStopped => t["The carrier takes texts and tells nothing of them. Ask it, with the evidence on a message's page."],
        AlarmRules.DeliveryFallen => t["Look at the errors of messages that failed: one prefix, one sender, one text? Then ask the carrier."],
        AlarmRules.Disk => t["Make room or shorten what is kept. When it is full nothing new is taken; what was accepted is safe."],
        AlarmRules.StageStalled => t["Something hangs though all looks well. The log says what; pausing and resuming the channel starts it anew."],
        AlarmRules.ProjectionLag => t["Lists show the past; sending is not touched. A slow disk is the usual reason."],
        _ => t["It has arrived: take it."],
    };
}

using Strowger.Features.Planning;

namespace Strowger.Server.ConsolePage;

/// <summary>How late texts were, and where that arose, in one sentence.</summary>
internal static class LatenessSentence
{
    public static Sentence Of(Language t, LatenessReport report)
    {
        var span = t.Duration(report.To - report.From);
        var known = report.All.Where(leg => leg.Count > 0).ToList();
        var total = known.Sum(leg => leg.Mean);
        if (known.Count == 0)
        {
            return new SentenceBuilder(Tone.Calm).Say(t["Nothing was answered in the last {0}.", span]).Detail(t["As soon as texts go out, this says how long they took and where."]).Build();
        }

        if (total < 0.001)
        {
            return new SentenceBuilder(Tone.Calm).Say(t["In the last {0} nothing was late.", span]).Build();
        }

        var most = known.MaxBy(leg => leg.Mean)!;
        return new SentenceBuilder(Tone.Calm)
            .Say(t["In the last {0} a text took", span] + " ").Figure(PlanSentence.Time(t, total)).Say(t[", {0} of it {1}.", t.Percent(most.Mean / total), Where(t, most.Leg)])
            .Detail(t["A mean of {0} looked at, of {1} answered or delivered.", t.Parts(report.Sampled), t.Count(report.Seen)])
            .Detail(report.IsShortened ? t["What was before is too much to read."] : null).Build();
    }

    public static string Name(Language t, Leg leg) => leg switch
    {
        Leg.BeforeUs => t["before us"],
        Leg.Waiting => t["waiting here"],
        Leg.Carrier => t["carrier"],
        _ => t["handset"],
    };

    private static string Where(Language t, Leg leg) => leg switch
    {
        Leg.BeforeUs => t["before it came to us"],
        Leg.Waiting => t["waiting here for its turn and the channel's rate"],
        Leg.Carrier => t["until the carrier answered"],
        _ => t["between the carrier and the phone"],
    };
}

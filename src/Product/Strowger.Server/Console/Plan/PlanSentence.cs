using System.Globalization;
using Strowger.Features.Planning;

namespace Strowger.Server.ConsolePage;

/// <summary>A plan in words, most important first; numbers are those of the simulation once it is there.</summary>
internal static class PlanSentence
{
    /// <summary>Waits below are none: the finest timer of the server, twice.</summary>
    private const double NearSeconds = 0.002;

    private const int MaxBinds = 64;

    /// <summary>Seconds of "nobody waits over" beside the one asked for.</summary>
    private static readonly double[] _limits = [60, 300, 900, 3600];

    public static Sentence Of(Language t, PlanReport report, DateTimeOffset now)
    {
        var input = report.Input;
        var sentence = new SentenceBuilder(report.CodesAreCarried ? Tone.Calm : Tone.Trouble);
        if (!report.CodesAreCarried)
        {
            sentence.Alarm(t["{0} codes a second are more than these channels carry: their wait grows without end.", t.Rate(input.CodesPerSecond)]).Detail(t["Add a channel or a higher rate."]);
        }
        else if (report.Simulated.LastSeconds is { } last)
        {
            sentence.Say(input.PartsEach == 1 ? t["The last of {0} is with the carrier after", t.Texts((long)input.Parts)] : t["The last of {0} is with the carrier after", t.Parts((long)input.Parts)]).Say(" ").Figure(Time(t, last));
            sentence = last < 3e9 ? sentence.Say(", ").Say(t["at"] + " ").At(now.AddSeconds(last)).Say(" " + t["if it began now."]) : sentence.Say(".");
        }
        else
        {
            sentence.Say(Codes(t, report) ?? "");
        }

        return sentence.Detail(report.Simulated.LastSeconds is null ? null : Waits(t, report.Simulated)).Detail(input.Parts > 0 && report.CodesAreCarried ? Codes(t, report) : null).Build();
    }

    /// <summary>What else is to be known, a line each.</summary>
    public static IEnumerable<string> More(Language t, PlanReport report)
    {
        var input = report.Input;
        foreach (var channel in input.Channels.Where(c => c.IsLimitedByWindow && c.Rate is not null))
        {
            yield return t["{0} cannot use its rate: {1} in flight, each answered after {2}, are {3} a second. Raise its binds or its window.", channel.Name, t.Parts(channel.Width), Time(t, channel.Latency.TotalSeconds), t.Rate(channel.ByWindow)];
        }

        if (report.Cost is { } cost)
        {
            yield return t["It costs about {0}: {1} at {2}.", t.Money(cost, input.Currency), t.Parts((long)input.Parts), t.Price(input.Price!.Value, input.Currency)];
        }
        else if (input.Parts > 0 && input.Channels.Any(c => c.Price is not null))
        {
            yield return t["What it costs is not known: {0} has no price.", input.Channels.First(c => c.Price is null).Name];
        }

        if (report.Run.Scale > 1)
        {
            yield return t["Simulated at 1 part in {0}: the campaign's waits are multiplied by it, those of codes are as they are.", t.Rate(report.Run.Scale)];
        }
    }

    /// <summary>What would be enough that nobody waits longer, for the limit asked for and some others.</summary>
    public static IEnumerable<(double Seconds, bool IsAsked, PlanSize Size)> Sizes(PlanReport report)
    {
        var asked = report.Input.Limit.TotalSeconds;
        foreach (var seconds in _limits.Append(asked).Distinct().Order())
        {
            var size = seconds == asked ? report.Enough : Planner.Enough(report.Input with { Limit = TimeSpan.FromSeconds(seconds) });
            if (size is not null)
            {
                yield return (seconds, seconds == asked, size);
            }
        }
    }

    public static string Binds(Language t, PlanSize size) => size.Binds > MaxBinds
        ? t["{0}: several channels, or wider windows", t.Count(size.Binds)]
        : t.Count(size.Binds);

    /// <summary>Seconds, as a duration; without end: in words.</summary>
    public static string Time(Language t, double? seconds) => seconds switch
    {
        null => "",
        double.PositiveInfinity => t["without end"],
        > 3e9 => t["without end"],
        var s => t.Duration(TimeSpan.FromSeconds(s.Value)),
    };

    private static string Waits(Language t, PlanFigures figures) => figures.CampaignP99 < 0.01
        ? t["None of them waits."]
        : t["Half of them wait over {0}, one in a hundred over {1}.", Time(t, figures.CampaignP50), Time(t, figures.CampaignP99)];

    private static string? Codes(Language t, PlanReport report) => report.Simulated.CodesP99 is not { } wait ? null
        : wait < NearSeconds ? t["Codes do not wait."]
        : t["Of the codes half wait over {0}, one in a hundred over {1}: they go first.", Time(t, report.Simulated.CodesP50), Time(t, wait)];

    public static string Share(Language t, double share) => double.IsFinite(share) ? t.Percent(share) : string.Create(CultureInfo.InvariantCulture, $"–");
}

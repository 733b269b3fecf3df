using System.Globalization;

namespace Strowger.Features.Planning;

/// <summary>A plan in sentences.</summary>
public static class PlanWords
{
    /// <summary>Figures nearer to each other than this need no explanation.</summary>
    private const double Near = 0.05;

    /// <summary>Nor do waits that differ by less than the finest timer of the server, twice.</summary>
    private const double NearSeconds = 0.002;

    private static readonly CultureInfo _words = CultureInfo.InvariantCulture;

    /// <summary>The answer, most important first.</summary>
    public static IReadOnlyList<string> Of(PlanReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var input = report.Input;
        var says = new List<string>();
        if (!report.CodesAreCarried)
        {
            says.Add(string.Create(_words, $"{Number(input.CodesPerSecond)} codes a second are more than these channels carry: their wait grows without end. Add a channel or a higher rate."));
        }

        if (report.Closed.LastSeconds is { } last)
        {
            says.Add(string.Create(_words, $"The last of {Number(input.Parts)} {(input.PartsEach == 1 ? "texts" : "parts")} is with the carrier after {Duration(report.Simulated.LastSeconds ?? last)}; {Waits(report.Simulated)}."));
        }

        if (report.Simulated.CodesP99 is { } codes && report.CodesAreCarried)
        {
            var meanwhile = input.Parts > 0 ? " meanwhile" : "";
            says.Add(codes < NearSeconds ? $"Codes do not wait{meanwhile}." : string.Create(_words, $"Codes wait{meanwhile} {Duration(report.Simulated.CodesP50 ?? 0)} in the middle and {Duration(codes)} at the 99th of a hundred: they go before the campaign."));
        }

        var narrow = input.Channels.Where(channel => channel.IsLimitedByWindow && channel.Rate is not null).ToList();
        if (narrow.Count > 0)
        {
            says.Add(string.Create(_words, $"{narrow[0].Name} cannot use its rate: {narrow[0].Width} parts in flight, each answered after {Duration(narrow[0].Latency.TotalSeconds)}, are {Number(narrow[0].ByWindow)} a second. Raise its binds or its window."));
        }

        if (report.Cost is { } cost)
        {
            says.Add(string.Create(_words, $"It costs {cost:#,0.00}{(input.Currency.Length > 0 ? " " + input.Currency : "")} ({Number(input.Parts)} parts at {input.Price:0.######})."));
        }

        if (report.Enough is { } enough)
        {
            says.Add(Enough(report, enough));
        }

        if (report.Run.Scale > 1)
        {
            says.Add(string.Create(_words, $"Simulated at 1 part in {report.Run.Scale:0.##} ({Number(report.Run.Parts)} parts, {Number(report.Run.Codes)} codes): the campaign's waits are multiplied by it, those of codes are as they are."));
        }

        return says;
    }

    /// <summary>Why formula and simulation differ by over 5 %; null when they do not.</summary>
    /// <param name="report">Of both.</param>
    /// <param name="closed">By formula, seconds.</param>
    /// <param name="simulated">By trial, seconds.</param>
    /// <param name="ofCodes">A wait of codes.</param>
    public static string? Why(PlanReport report, double? closed, double? simulated, bool ofCodes)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (closed is not { } a || simulated is not { } b || double.IsInfinity(a) || Math.Abs(a - b) <= Math.Max(NearSeconds, Near * Math.Max(a, b)))
        {
            return null;
        }

        var input = report.Input;
        if (ofCodes)
        {
            return !report.CodesAreCarried ? "The wait grows with the time that is looked at."
                : report.Run.Codes < 1000 ? string.Create(_words, $"Only {report.Run.Codes} codes came in the time simulated: chance weighs.")
                : input.Channels.Count > 1 ? "The formula sees one channel as fast as all together; in truth a code that waits for one cannot see that another is free a moment later."
                : input.Channels.Any(channel => channel.IsLimitedByWindow) ? "Answers come back in volleys, and with them the room; the formula spreads them evenly."
                : "The server looks at its pace each millisecond and takes urgent ones in turns with a small share of bulk; the formula knows neither exactly.";
        }

        return input.Parts / report.Run.Scale < 1000 ? "With so few parts single ones weigh; the formula takes them for a liquid."
            : new ClosedForm(input).IsSaturated ? "The pace or the windows are not used to the full by single parts; the formula takes them for a liquid."
            : "Nothing piles up: the wait is of single texts meeting codes, of which the formula knows the mean and not the bucket's tokens.";
    }

    /// <summary>4.2 s, 12 min 5 s, 3 h 20 min, 2 d 4 h.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 0.0005 => "0 ms",
        < 0.9995 => string.Create(_words, $"{seconds * 1000:0.#} ms"),
        < 59.95 => string.Create(_words, $"{seconds:0.#} s"),
        < 3599.5 => Two(Math.Round(seconds), 60, "min", "s"),
        < 86_370 => Two(Math.Round(seconds / 60), 60, "h", "min"),
        < 1e12 => Two(Math.Round(seconds / 3600), 24, "d", "h"),
        _ => "for ever",
    };

    private static string Waits(PlanFigures figures) => figures.CampaignP99 < 0.01
        ? "none of them waits"
        : string.Create(_words, $"half of them wait over {Duration(figures.CampaignP50 ?? 0)}, one in a hundred over {Duration(figures.CampaignP99 ?? 0)}");

    internal static string Number(double value) => value.ToString(value >= 100 ? "#,0" : "0.###", _words);

    private static string Two(double units, double per, string large, string small) =>
        string.Create(_words, $"{Math.Floor(units / per):0} {large}{(units % per == 0 ? "" : string.Create(_words, $" {units % per:0} {small}"))}");

    private static string Enough(PlanReport report, PlanSize enough)
    {
        var limit = Duration(report.Input.Limit.TotalSeconds);
        var now = report.Simulated.LongestWait <= report.Input.Limit.TotalSeconds ? string.Create(_words, $"Nobody waits over {limit} as it is. The least that does: ") : string.Create(_words, $"For nobody to wait over {limit}: ");
        var size = string.Create(_words, $"{Number(enough.Rate)} parts a second over {enough.Binds} {(enough.Binds == 1 ? "bind" : "binds")} of window {enough.Window}");
        return enough.LongestSeconds is { } longest
            ? string.Create(_words, $"{now}{size} (simulated: the longest wait is {Duration(longest)}).")
            : string.Create(_words, $"{now}{size}; a channel has at most 64 binds, so several channels or wider windows.");
    }
}

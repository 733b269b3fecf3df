using System.Text.Json;
using Spectre.Console;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Demo;

/// <summary>The figures at the end: in words for a person, as one JSON object for a script.</summary>
internal static class DemoTable
{
    /// <summary>One line; the names are the contract's.</summary>
    public static void WriteJson(TextWriter output, DemoFigures figures)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine(JsonSerializer.Serialize(figures, DemoJson.Default.DemoFigures));
    }

    /// <param name="figures">Measured.</param>
    /// <param name="rate">The carrier's limit, parts a second.</param>
    public static Table Of(DemoFigures figures, double rate)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var table = new Table().Border(TableBorder.None).HideHeaders();
        table.AddColumn(new TableColumn("").PadLeft(2).PadRight(3)).AddColumn(new TableColumn("").RightAligned().PadRight(3)).AddColumn("");
        foreach (var row in Rows(figures, rate))
        {
            var style = row.IsGood switch { true => "green", false => "red bold", _ => "bold" };
            table.AddRow(new Markup(Markup.Escape(row.Name)), new Markup($"[{style}]{Markup.Escape(row.Value)}[/]"), new Markup($"[grey]{Markup.Escape(row.Note)}[/]"));
        }

        return table;
    }

    /// <summary>Nothing lost, the limit never exceeded: what exit code 0 means.</summary>
    public static bool IsGood(DemoFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return figures is { Lost: 0, LimitExceededSeconds: <= 0 };
    }

    public static string Verdict(DemoFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var lost = figures.Lost == 0 ? "Nothing was lost" : $"{Words.Texts(figures.Lost)} {(figures.Lost == 1 ? "was" : "were")} lost";
        var limit = figures.LimitExceededSeconds <= 0
            ? "the carrier's limit was never exceeded"
            : $"the carrier's limit was exceeded for {Words.Duration(TimeSpan.FromSeconds(figures.LimitExceededSeconds))}";
        return $"{lost} {(figures.Lost > 0 == figures.LimitExceededSeconds > 0 ? "and" : "but")} {limit}.";
    }

    internal static IReadOnlyList<DemoRow> Rows(DemoFigures figures, double rate)
    {
        var rows = new List<DemoRow>
        {
            new("accepted", Words.Count(figures.Accepted), "each on disk before its sender was told"),
            new("sent", Words.Count(figures.Sent), "different texts that the carrier has"),
            new("delivered", Words.Count(figures.Delivered), figures.Failed > 0 ? $"{Words.Count(figures.Failed)} refused by simulated phones, on purpose" : "by the carrier's receipts"),
        };
        if (figures.Unknown > 0)
        {
            rows.Add(new("unknown", Words.Count(figures.Unknown), "nobody can tell yet whether they were taken"));
        }

        rows.Add(new("lost", Words.Count(figures.Lost), LostNote(figures), figures.Lost == 0));
        rows.Add(new("sent twice", Words.Count(figures.Duplicated), figures.Kill is null && figures.Duplicated == 0 ? "" : "on the wire at a kill or hang-up"));
        rows.Add(new("limit exceeded", figures.LimitExceededSeconds <= 0 ? "never" : Words.Duration(TimeSpan.FromSeconds(figures.LimitExceededSeconds)), $"the carrier allows {Words.PerSecond(rate)}", figures.LimitExceededSeconds <= 0));
        rows.Add(new("limit used", Words.Percent(figures.RateUsed), $"while there was work; {Words.PerSecond(figures.MsgPerS)} on average"));
        rows.Add(new("a code", Ms(figures.CodesMs.P50), $"half are faster; 99 % in {Ms(figures.CodesMs.P99)}, slowest {Ms(figures.CodesMs.Max ?? 0)}"));
        rows.Add(new("", "", $"in one plain queue: up to {Ms(figures.PlainQueueMs)}"));
        rows.Add(new("the campaign", Ms(figures.CampaignMs.P50), $"half are faster; 99 % in {Ms(figures.CampaignMs.P99)}"));
        return rows;
    }

    private static string LostNote(DemoFigures figures) => figures.Kill is { } kill
        ? $"{Words.Count(kill.Before)} waited at the kill, {Words.Count(kill.After)} after it"
        : "accepted, and neither sent nor waiting";

    private static string Ms(double ms) => Words.Duration(TimeSpan.FromMilliseconds(ms));
}

/// <summary>A row: good, bad, or neither.</summary>
internal sealed record DemoRow(string Name, string Value, string Note, bool? IsGood = null);

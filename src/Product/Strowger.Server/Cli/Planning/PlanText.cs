using System.Globalization;
using System.Text.Json;
using Strowger.Features.Planning;

namespace Strowger.Server.Cli.Planning;

/// <summary>A plan, and lateness, in words and tables.</summary>
internal static class PlanText
{
    private static readonly Dictionary<string, string> _names = new(StringComparer.Ordinal)
    {
        ["last_handed_over"] = "the last one is with the carrier",
        ["campaign_wait_p50"] = "wait of the campaign, half over",
        ["campaign_wait_p99"] = "wait of the campaign, 1 in 100 over",
        ["code_wait_p50"] = "wait of codes, half over",
        ["code_wait_p99"] = "wait of codes, 1 in 100 over",
        ["before_us"] = "before us (made to accepted)",
        ["waiting"] = "waiting (accepted to handed over)",
        ["carrier"] = "carrier (handed over to answered)",
        ["handset"] = "handset (answered to delivered)",
    };

    public static void WritePlan(TextWriter output, JsonElement plan)
    {
        foreach (var sentence in plan.List("says"))
        {
            output.WriteLine(TextTable.Clean(sentence.Shown() ?? ""));
        }

        output.WriteLine();
        var figures = new TextTable("FIGURE", "BY FORMULA", "SIMULATED", "WHERE THEY DIFFER BY OVER 5 %");
        foreach (var figure in plan.List("figures"))
        {
            if (figure.Text("closed_s") is not null || figure.Text("simulated_s") is not null)
            {
                figures.Add(NameOf(figure.Text("name")), Seconds(figure, "closed_s"), Seconds(figure, "simulated_s"), figure.Text("why"));
            }
        }

        figures.WriteTo(output);
        output.WriteLine();
        var channels = new TextTable("CHANNEL", "RATE", "BINDS", "WINDOW", "ANSWER", "CARRIES", "LIMITED BY", "USED BY FORMULA", "SIMULATED");
        foreach (var channel in plan.List("channels"))
        {
            channels.Add(
                channel.Text("name"), channel.Text("rate") ?? "unlimited", channel.Text("binds"), channel.Text("window"), channel.Text("latency_ms") + " ms",
                Rounded(channel, "capacity") + "/s", channel.Text("limited_by"), Share(channel, "utilisation_closed"), Share(channel, "utilisation_simulated"));
        }

        channels.WriteTo(output);
    }

    public static void WriteLateness(TextWriter output, JsonElement lateness)
    {
        output.WriteLine(lateness.Text("says"));
        output.WriteLine($"{lateness.Text("seen")} answers and deliveries since {lateness.Text("from")}, {lateness.Text("sampled")} of them looked at{(lateness.Text("shortened") == "yes" ? "; what was before is too much to read" : "")}.");
        output.WriteLine();
        var table = new TextTable("CHANNEL", "WHERE", "TEXTS", "HALF OVER", "1 IN 100 OVER", "MEAN");
        Add(table, "all", lateness.List("all"));
        foreach (var channel in lateness.List("channels"))
        {
            Add(table, channel.Text("channel"), channel.List("legs"));
        }

        table.WriteTo(output);
    }

    private static void Add(TextTable table, string? channel, IEnumerable<JsonElement> legs)
    {
        foreach (var leg in legs)
        {
            table.Add(channel, NameOf(leg.Text("leg")), leg.Text("count"), Seconds(leg, "p50_s"), Seconds(leg, "p99_s"), Seconds(leg, "mean_s"));
        }
    }

    private static string? NameOf(string? name) => name is null ? null : _names.GetValueOrDefault(name, name);

    private static string Seconds(JsonElement element, string name) => Number(element, name) is { } seconds ? PlanWords.Duration(seconds) : "-";

    private static string Share(JsonElement element, string name) => Number(element, name) is { } share ? share.ToString("0.0 %", CultureInfo.InvariantCulture) : "-";

    private static string Rounded(JsonElement element, string name) => Number(element, name) is { } value ? value.ToString("#,0.##", CultureInfo.InvariantCulture) : "-";

    private static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number ? member.GetDouble() : null;
}

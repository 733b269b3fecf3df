using System.Text.Json;
using Spectre.Console;
using Strowger.Server.Demo;

namespace Strowger.Server.Tests.Demo;

public sealed class DemoTableTests
{
    private static readonly DemoFigures Figures = new()
    {
        Accepted = 100_312,
        Sent = 100_312,
        Delivered = 99_310,
        Failed = 1002,
        Unknown = 0,
        Lost = 0,
        Duplicated = 87,
        LimitExceededSeconds = 0,
        RateUsed = 0.994,
        MsgPerS = 4480,
        CodesMs = new Percentiles(12.2, 34.6, 81),
        CampaignMs = new Percentiles(10_100, 19_930),
        PlainQueueMs = 20_060,
        Kill = (54_210, 54_122),
    };

    [Fact]
    public void Json_has_the_contracts_names_and_no_other()
    {
        var output = new StringWriter();
        DemoTable.WriteJson(output, Figures);
        using var json = JsonDocument.Parse(output.ToString());
        Assert.Equal(
            ["accepted", "sent", "delivered", "failed", "unknown", "lost", "duplicated", "limit_exceeded_seconds", "rate_used", "msg_per_s", "codes_ms", "campaign_ms"],
            json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["p50", "p99", "max"], json.RootElement.GetProperty("codes_ms").EnumerateObject().Select(p => p.Name));
        Assert.Equal(["p50", "p99"], json.RootElement.GetProperty("campaign_ms").EnumerateObject().Select(p => p.Name));
        Assert.Equal(1, output.ToString().Count(c => c == '\n'));
    }

    [Fact]
    public void Words_fit_into_eighty_columns()
    {
        var output = new StringWriter();
        ScreenOn(output).Write(DemoTable.Of(Figures, 5000));
        var text = output.ToString();
        Assert.Contains("54,210 waited at the kill, 54,122 after it", text, StringComparison.Ordinal);
        Assert.Contains("in one plain queue: up to 20 s", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
        Assert.Equal(DemoTable.Rows(Figures, 5000).Count, text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(l => l.Trim().Length > 0));
    }

    [Theory]
    [InlineData(0, 0, "Nothing was lost and the carrier's limit was never exceeded.")]
    [InlineData(1, 0, "1 text was lost but the carrier's limit was never exceeded.")]
    [InlineData(0, 3, "Nothing was lost but the carrier's limit was exceeded for 3 s.")]
    [InlineData(2, 3, "2 texts were lost and the carrier's limit was exceeded for 3 s.")]
    public void Verdicts(long lost, double exceeded, string words)
    {
        var figures = Figures with { Lost = lost, LimitExceededSeconds = exceeded };
        Assert.Equal(words, DemoTable.Verdict(figures));
        Assert.Equal(lost == 0 && exceeded <= 0, DemoTable.IsGood(figures));
    }

    private static IAnsiConsole ScreenOn(StringWriter output) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(output),
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
    });

    [Fact]
    public void The_story_opens_with_the_link()
    {
        var lines = DemoStory.Opening(new Uri("http://127.0.0.1:8080/login?token=abc"), "ann", "box");
        Assert.Equal("  http://127.0.0.1:8080/login?token=abc", lines[1]);
        Assert.Equal("From another machine, first:  ssh -L 8080:127.0.0.1:8080 ann@box", lines[2]);
        Assert.Equal(
            "100,000 texts safe on disk in 900 ms; at 5,000 a second the last one leaves at 14:03:21.",
            DemoStory.Safe(100_000, TimeSpan.FromSeconds(0.9), 5000, new DateTimeOffset(2026, 3, 1, 14, 3, 21, TimeSpan.Zero)));
    }
}

using Strowger.Features.Planning;

namespace Strowger.Features.Tests.Planning;

/// <summary>Formula and simulation say the same, and the same again.</summary>
public sealed class PlannerTests
{
    private static readonly PlanInput _small = new()
    {
        Subscribers = 2000,
        CodesPerSecond = 10,
        Channels = [new PlanChannel { Name = "a", Rate = 200, Binds = 2, Window = 50, Latency = TimeSpan.FromMilliseconds(80) }],
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_seed_gives_the_same_figures_again_and_another_one_others()
    {
        var first = await Simulation.RunAsync(_small, Cancel);
        var again = await Simulation.RunAsync(_small, Cancel);
        var other = await Simulation.RunAsync(_small with { Seed = 2 }, Cancel);

        Assert.Equal(Text(first), Text(again));
        Assert.NotEqual(Text(first), Text(other));
    }

    [Fact]
    public async Task A_campaign_takes_what_the_codes_leave_of_the_rate()
    {
        var report = await Planner.PlanAsync(_small, Cancel);

        // 2,000 through 199 a second less 10 codes, and the last answer.
        Assert.Equal((2000 / 189.0) + 0.08, report.Closed.LastSeconds!.Value, 3);
        Near(report.Closed.LastSeconds, report.Simulated.LastSeconds);
        Near(report.Closed.CampaignP50, report.Simulated.CampaignP50);
        Near(report.Closed.CampaignP99, report.Simulated.CampaignP99);
        Near(report.Closed.Utilisation[0], report.Simulated.Utilisation[0]);
        Assert.True(report.Simulated.CodesP99 < 0.1, $"Codes wait {report.Simulated.CodesP99} s.");
    }

    [Fact]
    public async Task Codes_wait_as_the_formula_says()
    {
        var report = await Planner.PlanAsync(
            _small with { Subscribers = 40_000, CodesPerSecond = 60, Channels = [_small.Channels[0] with { Rate = 100, Window = 500 }] }, Cancel);

        Assert.Equal(report.Closed.CodesP50!.Value, report.Simulated.CodesP50!.Value, report.Closed.CodesP50.Value * 0.15);
        Assert.Equal(report.Closed.CodesP99!.Value, report.Simulated.CodesP99!.Value, report.Closed.CodesP99.Value * 0.15);
    }

    [Fact]
    public async Task A_window_too_narrow_for_the_rate_is_what_limits_and_is_said()
    {
        var input = _small with { Channels = [_small.Channels[0] with { Rate = 1000, Latency = TimeSpan.FromSeconds(1) }] };

        var report = await Planner.PlanAsync(input, Cancel);

        // 100 parts in flight less 6 slots for codes, each answered after a second.
        Assert.Equal(94, report.Capacity, 6);
        Near(report.Closed.LastSeconds, report.Simulated.LastSeconds);
        Assert.Contains(PlanWords.Of(report), sentence => sentence.Contains("cannot use its rate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_larger_campaign_is_simulated_at_a_fraction_of_its_size()
    {
        var report = await Planner.PlanAsync(_small with { Subscribers = 1_000_000, MaxSimulated = 5000, PricePerPart = 0.03m }, Cancel);

        Assert.InRange(report.Run.Parts + report.Run.Codes, 1, 6000);
        Near(report.Closed.LastSeconds, report.Simulated.LastSeconds);
        Assert.Equal(30_000m, report.Cost);
        Assert.Contains(PlanWords.Of(report), sentence => sentence.Contains("Simulated at 1 part in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_said_to_be_enough_is()
    {
        var input = _small with { Subscribers = 50_000, Limit = TimeSpan.FromSeconds(30) };

        var enough = (await Planner.PlanAsync(input, Cancel)).Enough!;
        var less = await Simulation.RunAsync(input with { Channels = [input.Channels[0] with { Rate = enough.Rate * 0.9, Binds = enough.Binds }] }, Cancel);

        Assert.InRange(enough.LongestSeconds!.Value, 25, 30.5);
        Assert.True(less.Figures.LongestWait > 31, $"With a tenth less: {less.Figures.LongestWait} s.");
    }

    [Fact]
    public async Task A_campaign_that_comes_slower_than_it_leaves_waits_for_nothing()
    {
        // 2,000 at 36,000 an hour: 200 s.
        var report = await Planner.PlanAsync(_small with { PerHour = 36_000 }, Cancel);

        Near(report.Closed.LastSeconds, report.Simulated.LastSeconds);
        Assert.True(report.Simulated.CampaignP99 < 0.2, $"{report.Simulated.CampaignP99} s");
    }

    [Fact]
    public void A_mistake_is_named_with_what_is_allowed()
    {
        Assert.Contains("at least one", (_small with { Channels = [] }).Problem(), StringComparison.Ordinal);
        Assert.Contains("Nothing to send", (_small with { Subscribers = 0, CodesPerSecond = 0 }).Problem(), StringComparison.Ordinal);
        Assert.Contains("window of a is 0; allowed is 1", (_small with { Channels = [_small.Channels[0] with { Window = 0 }] }).Problem(), StringComparison.Ordinal);
        Assert.Null(_small.Problem());
    }

    private static void Near(double? expected, double? actual)
    {
        Assert.NotNull(expected);
        Assert.NotNull(actual);
        Assert.InRange(actual.Value, expected.Value * 0.95, expected.Value * 1.05);
    }

    private static string Text((PlanFigures Figures, SimulationRun Run) result) =>
        string.Join(' ', result.Figures.LastSeconds, result.Figures.CampaignP99, result.Figures.CodesP50, result.Figures.CodesP99, result.Figures.Utilisation[0], result.Run.Codes);

    [Fact]
    public void The_price_is_the_channels_own_weighed_by_what_each_carries_or_not_known()
    {
        var dear = new PlanChannel { Name = "dear", Rate = 300, Price = 0.04m };
        var cheap = new PlanChannel { Name = "cheap", Rate = 100, Price = 0.02m };
        var input = new PlanInput { Subscribers = 1000, Channels = [dear, cheap] };

        Assert.Equal(35, Planner.ByFormula(input).Cost!.Value, 6);
        Assert.Equal(50, Planner.ByFormula(input with { PricePerPart = 0.05m }).Cost!.Value, 6);
        Assert.Null(Planner.ByFormula(input with { Channels = [dear, cheap with { Price = null }] }).Cost);
        Assert.False(Planner.ByFormula(input).IsSimulated);
    }
}

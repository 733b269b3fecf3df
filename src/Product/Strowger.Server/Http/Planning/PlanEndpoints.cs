using System.Globalization;
using Strowger.Features.Access;
using Strowger.Features.Planning;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Planning;

/// <summary>What would be if, and how late texts are now.</summary>
internal sealed class PlanEndpoints(HttpServices services)
{
    private const string Path = "/v1/plan";

    /// <summary>A plan and a reading of the log take a second or two at most.</summary>
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(2);

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.ChannelsRead, PlanAsync),
        new("GET", Path + "/lateness", Rights.ChannelsRead, LatenessAsync),
    ];

    private async Task PlanAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "subscribers", "texts", "parts", "per_hour", "codes", "channels", "price", "limit", "seed");
        var channels = ChannelsOf(query);
        var input = new PlanInput
        {
            Subscribers = query.Number("subscribers", 0, PlanLimits.MaxSubscribers, 0),
            TextsEach = (int)query.Number("texts", 1, PlanLimits.MaxTextsEach, 1),
            PartsEach = (int)query.Number("parts", 1, 255, 1),
            PerHour = Decimal(query, "per_hour"),
            CodesPerSecond = Decimal(query, "codes") ?? 0,
            Channels = channels ?? LivePlan.Channels(services),
            Backlog = channels is null ? LivePlan.Backlog(services) : 0,
            PricePerPart = Decimal(query, "price") is { } price && price <= 1000 ? (decimal)price : null,
            Currency = services.Currency,
            Limit = TimeSpan.FromSeconds(Math.Min(Decimal(query, "limit") ?? 60, 31_536_000)),
            Seed = (int)query.Number("seed", 0, int.MaxValue, 1),
            MaxSimulated = PlanLimits.MaxSimulatedLive,
        };
        if (query.Problem is null && input.Problem() is { } wrong)
        {
            query.Fail("plan", wrong.TrimEnd('.'));
        }

        if (query.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        await InTurnAsync(context, async cancel =>
        {
            var report = await Planner.PlanAsync(input, cancel).ConfigureAwait(false);
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, report, PlanJson.Write).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task LatenessAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "minutes");
        var minutes = query.Number("minutes", 1, PlanLimits.MaxMinutes, 10);
        if (query.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        await InTurnAsync(context, async cancel =>
        {
            var report = await Task.Run(() => new LatenessReader(services.Engine).Read(TimeSpan.FromMinutes(minutes), new Random(1), cancel), cancel).ConfigureAwait(false);
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, report, LatenessJson.Write).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task InTurnAsync(HttpContext context, Func<CancellationToken, Task> work)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
        if (!await services.Plans.TryRunAsync(TimeSpan.Zero, work, cancel.Token).ConfigureAwait(false))
        {
            await ProblemAnswer.WriteAsync(context, Problem.Of("over_limit", "Plans are made one at a time, and another one is being made. Ask again in some seconds.") with { RetryAfter = _again }).ConfigureAwait(false);
        }
    }

    /// <summary>Null when none is given: those of this server.</summary>
    private static PlanChannel[]? ChannelsOf(QueryReader query)
    {
        if (query.Text("channels") is not { } text)
        {
            return null;
        }

        var channels = text.Split(',').Select((word, i) => PlanChannelText.Parse(word, i + 1)).ToArray();
        if (channels.Any(channel => channel is null))
        {
            query.Fail("channels", "allowed are channels separated by commas, each " + PlanChannelText.Form);
            return null;
        }

        return channels!;
    }

    private static double? Decimal(QueryReader query, string name)
    {
        if (query.Text(name) is not { } text)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value > 1e12)
        {
            query.Fail(name, "allowed are numbers from 0, such as 12.5");
            return null;
        }

        return value;
    }
}

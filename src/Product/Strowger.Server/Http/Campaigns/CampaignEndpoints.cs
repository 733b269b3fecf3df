using System.Globalization;
using Strowger.Features.Access;
using Strowger.Features.Campaigns;
using Strowger.Records.Messages;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Messages;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Campaigns;

/// <summary>Campaigns listed, looked at, held, let go and ended.</summary>
internal sealed class CampaignEndpoints(HttpServices services, Lag lag)
{
    private const string Path = "/v1/campaigns";
    private const string One = Path + "/{id}";

    private readonly CampaignChanges _changes = new(services);

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.MessagesRead, ListAsync),
        new("GET", One, Rights.MessagesRead, GetAsync),
        new("PATCH", One, Rights.MessagesWrite, ChangeAsync),
        new("POST", One + "/pause", Rights.MessagesWrite, (context, caller) => TurnAsync(context, id => _changes.PauseAsync(id, caller.Name))),
        new("POST", One + "/resume", Rights.MessagesWrite, (context, caller) => TurnAsync(context, id => _changes.ResumeAsync(id, caller.Name))),
        new("POST", One + "/cancel", Rights.MessagesWrite, (context, caller) => TurnAsync(context, id => _changes.CancelAsync(id, caller.Name))),
        new("GET", One + "/results", Rights.MessagesRead, ResultsAsync),
    ];

    private Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "limit", "cursor");
        var limit = query.Limit();
        var before = long.MaxValue;
        if (query.Text("cursor") is { } cursor)
        {
            before = CampaignId.TryParse(cursor, out var id) ? id.Value : 0;
            if (before == 0)
            {
                query.Fail("cursor", "it is not one of ours; take next_cursor of the page before", "invalid_cursor");
            }
        }

        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        var rows = services.Campaigns.List(Math.Min(limit + 1, Records.RecordsLimits.MaxPage), before);
        var etas = services.Campaigns.Etas();
        var counts = services.Lists.StatusCounts(ct: context.RequestAborted).Where(count => count.Campaign is not null).ToLookup(count => count.Campaign!, StringComparer.Ordinal);
        var views = rows.Take(limit).Select(row => CampaignView.Of(
            services, row, etas.GetValueOrDefault(row.Id), Counts(counts[new CampaignId(row.Id).ToString()])));
        WriteLag(context);
        return PageAnswer.WriteAsync(context, views, rows.Count > limit ? new CampaignId(rows[limit - 1].Id).ToString() : null, CampaignJson.Write);
    }

    private Task GetAsync(HttpContext context, Caller caller)
    {
        if (IdOf(context) is not { } id || services.Campaigns.Find(id) is not { } campaign)
        {
            return NotFoundAsync(context);
        }

        WriteLag(context);
        var view = CampaignView.Of(services, campaign, services.Campaigns.Etas().GetValueOrDefault(id));
        var refused = services.Campaigns.Refused(id, CampaignLimits.MaxRefusedTold);
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, (view, refused), static (writer, state) =>
        {
            writer.WriteStartObject();
            CampaignJson.WriteMembers(writer, state.view);
            CampaignJson.WriteRefused(writer, state.refused);
            writer.WriteEndObject();
        });
    }

    /// <summary>Its rate: a number, or null for as fast as its channels.</summary>
    private async Task ChangeAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "rate").ConfigureAwait(false);
        var rate = body.Number("rate", CampaignRequest.MinRate, CampaignRequest.MaxRate);
        if (body.Problem is null && !body.IsGiven("rate"))
        {
            body.Fail("missing_field", "rate", "it is missing; allowed is a number of parts a second, or null for as fast as the channels");
        }

        await (body.Problem is { } problem
            ? ProblemAnswer.WriteAsync(context, problem)
            : TurnAsync(context, id => _changes.ChangeRateAsync(id, rate, caller.Name))).ConfigureAwait(false);
    }

    private async Task TurnAsync(HttpContext context, Func<long, ValueTask<CreateResult?>> turn)
    {
        if (IdOf(context) is not { } id || await turn(id).ConfigureAwait(false) is not { } result)
        {
            await NotFoundAsync(context).ConfigureAwait(false);
        }
        else if (result.Error is { } error)
        {
            await ProblemAnswer.WriteAsync(context, Problem.Of(error)).ConfigureAwait(false);
        }
        else
        {
            var view = CampaignView.Of(services, result.Campaign!, services.Campaigns.Etas().GetValueOrDefault(id));
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, view, CampaignJson.Write).ConfigureAwait(false);
        }
    }

    private Task ResultsAsync(HttpContext context, Caller caller) =>
        IdOf(context) is { } id && services.Campaigns.Find(id) is not null
            ? new CampaignResults(services).WriteAsync(context, id)
            : NotFoundAsync(context);

    private static Dictionary<MessageStatus, long> Counts(IEnumerable<StatusCount> counts) =>
        counts.GroupBy(count => count.Status).ToDictionary(group => group.Key, group => group.Sum(count => count.Messages));

    private void WriteLag(HttpContext context) =>
        context.Response.Headers[ListEndpoint.LagHeader] = ((long)lag.Of("messages").TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private static long? IdOf(HttpContext context) => CampaignId.TryParse((string?)context.Request.RouteValues["id"], out var id) ? id.Value : null;

    private static Task NotFoundAsync(HttpContext context) =>
        ProblemAnswer.WriteAsync(context, "not_found", "There is no such campaign. An id looks like cmp_0000000000001; GET /v1/campaigns lists them.");
}

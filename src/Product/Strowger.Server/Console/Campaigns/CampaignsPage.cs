using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Strowger.Features.Access;
using Strowger.Features.Campaigns;
using Strowger.Features.Messaging;
using Strowger.Records.Campaigns;
using Strowger.Server.Http.Campaigns;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/campaigns</c>: when is it done, should I stop it? A file is shown as it would be sent before anybody says yes.</summary>
internal sealed class CampaignsPage(ConsoleServices services)
{
    /// <summary>Octets of a file by a browser: it is kept twice for a moment. Larger ones go by the command line.</summary>
    private const long MaxFile = 256L << 20;
    private const int ShownRefused = 100;

    private readonly CampaignDrafts _drafts = new(services.Time);
    private readonly CampaignChanges _changes = new(services.Http);

    private CampaignService Campaigns => services.Http.Campaigns;

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get("/campaigns", ListAsync),
        ConsoleRoute.Get("/campaigns/new", Role.Operator, v => v.ShowAsync<CampaignNewView>(Form(null, null))),
        ConsoleRoute.Post("/campaigns/new", Role.Operator, LookAsync) with { MaxBody = MaxFile + ConsoleLimits.MaxForm },
        ConsoleRoute.Post("/campaigns/start", Role.Operator, StartAsync),
        ConsoleRoute.Post("/campaigns/drop", Role.Operator, DropAsync),
        ConsoleRoute.Get("/campaigns/{id}", OneAsync),
        ConsoleRoute.Get("/campaigns/{id}/results", v => IdOf(v) is { } id && Campaigns.Find(id) is not null ? new CampaignResults(services.Http).WriteAsync(v.Context, id) : MissingAsync(v)),
        ConsoleRoute.Post("/campaigns/{id}/pause", Role.Operator, v => TurnAsync(v, _changes.PauseAsync, v.T["It is held: nothing leaves until it is resumed."])),
        ConsoleRoute.Post("/campaigns/{id}/resume", Role.Operator, v => TurnAsync(v, _changes.ResumeAsync, v.T["It goes on."])),
        ConsoleRoute.Post("/campaigns/{id}/cancel", Role.Operator, CancelAsync),
        ConsoleRoute.Post("/campaigns/{id}/rate", Role.Operator, RateAsync),
    ];

    private Task ListAsync(Visit visit)
    {
        var before = visit.Query("before") is { } text && CampaignId.TryParse(text, out var id) ? id.Value : long.MaxValue;
        var rows = Campaigns.List(ConsoleLimits.PageRows + 1, before);
        var etas = Campaigns.Etas();
        var views = rows.Take(ConsoleLimits.PageRows).Select(row => CampaignView.Of(services.Http, row, etas.GetValueOrDefault(row.Id))).ToList();
        return visit.ShowAsync<CampaignsView>(new CampaignsModel
        {
            Sentence = CampaignSentence.Of(visit.T, views),
            Campaigns = views,
            Next = rows.Count > ConsoleLimits.PageRows ? views[^1].Id : null,
        });
    }

    private Task OneAsync(Visit visit)
    {
        if (IdOf(visit) is not { } id || Campaigns.Find(id) is not { } campaign)
        {
            return MissingAsync(visit);
        }

        var view = CampaignView.Of(services.Http, campaign, Campaigns.Etas().GetValueOrDefault(id));
        return visit.ShowAsync<CampaignDetail>(new CampaignModel { Sentence = CampaignSentence.Of(visit.T, view), View = view, Refused = Campaigns.Refused(id, ShownRefused) });
    }

    /// <summary>Receives the file, looks at every row, and asks.</summary>
    private async Task LookAsync(Visit visit)
    {
        var form = await visit.Context.Request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = MaxFile, BufferBodyLengthLimit = MaxFile }, visit.Cancel);
        var spec = SpecOf(visit, out var problem);
        if (problem is null && form.Files.GetFile("file") is not { Length: > 0 })
        {
            problem = visit.T["Choose a file: a table with a header row and a column 'to'."];
        }

        if (problem is not null)
        {
            await ShowFormAsync(visit, problem);
            return;
        }

        var stream = form.Files.GetFile("file")!.OpenReadStream();
        await using (stream)
        {
            var (file, unkept) = await Campaigns.Files.ReceiveAsync(stream, visit.Cancel);
            var (scan, wrong) = file is null ? (null, unkept) : await CampaignScan.RunAsync(file.Path, spec!, Campaigns.OpenDoor(), visit.Cancel);
            if (scan is null)
            {
                if (file is not null)
                {
                    CampaignFiles.Drop(file);
                }

                await ShowFormAsync(visit, visit.T.Told(wrong!.Detail));
                return;
            }

            await visit.ShowAsync<CampaignDraftView>(DraftOf(visit.T, _drafts.Add(visit.Who, spec!, file!, scan)));
        }
    }

    private CampaignDraftModel DraftOf(Language t, CampaignDraft draft)
    {
        var scan = draft.Scan;
        var (first, last) = Campaigns.Preview(draft.Spec, scan);
        var sentence = new SentenceBuilder(scan.BadRows > 0 || last is null ? Tone.Attention : Tone.Calm).Say(t["{0} in {1}.", t.Texts(scan.GoodRows), t.Parts(scan.Parts)]);
        if (first is { } begins && last is { } ends)
        {
            sentence.Say(" " + t["If it began now, the first would leave at"] + " ").At(begins).Say(", " + t["the last about"] + " ").At(ends).Say(".");
        }
        else
        {
            sentence.Alarm(" " + t["Nothing takes them now, so there is no saying when they leave."]);
        }

        sentence.Detail(CostOf(t, scan)).Detail(scan.BadRows > 0 ? t["Left out, for they cannot be sent: {0}.", t.Rows(scan.BadRows)] : null);
        return new CampaignDraftModel { Sentence = sentence.Build(), Draft = draft };
    }

    /// <summary>By the prices of the channels expected; where one has none, nothing is made up.</summary>
    private string? CostOf(Language t, CampaignScan scan)
    {
        var cost = CampaignCost.Of(services.Http, scan);
        var amount = cost.Amount is { } sum ? t.Money(sum, services.Http.Currency) : "";
        return cost.Amount is null ? null
            : cost.Unpriced.Count == 0 ? t["It costs about {0}.", amount]
            : t["It costs about {0}, without what goes over {1}, which has no price.", amount, t.List(cost.Unpriced)];
    }

    private async Task StartAsync(Visit visit)
    {
        if (_drafts.Take(visit.Field("draft") ?? "", visit.Who) is not { } draft)
        {
            await visit.GoAsync("/campaigns/new", Notice.Failed(visit.T["That draft is not kept any more. Choose the file once more; nothing was sent."]));
            return;
        }

        var created = await _changes.CreateAsync(draft.Spec, draft.File, draft.Scan, visit.Who, null);
        if (created.Campaign is not { } campaign)
        {
            CampaignFiles.Drop(draft.File);
            await visit.GoAsync("/campaigns/new", Notice.Failed(visit.T.Told(created.Error!.Detail)));
            return;
        }

        await visit.GoAsync(PathOf(campaign.Id), Notice.Done(visit.T["{0} has begun.", campaign.Name]));
    }

    private async Task DropAsync(Visit visit)
    {
        _drafts.Drop(visit.Field("draft") ?? "", visit.Who);
        await visit.GoAsync("/campaigns", Notice.Done(visit.T["Nothing was sent."]));
    }

    private async Task CancelAsync(Visit visit)
    {
        if (visit.Field("confirm") is null && IdOf(visit) is { } id)
        {
            await visit.GoAsync(PathOf(id), Notice.Failed(visit.T["Nothing was ended: tick the box to confirm, it cannot be taken back."]));
            return;
        }

        await TurnAsync(visit, _changes.CancelAsync, visit.T["It is ended: nothing of it leaves any more."]);
    }

    private async Task RateAsync(Visit visit)
    {
        var rate = RateOf(visit, out var problem);
        if (problem is not null && IdOf(visit) is { } id)
        {
            await visit.GoAsync(PathOf(id), Notice.Failed(problem));
            return;
        }

        await TurnAsync(visit, (campaign, who) => _changes.ChangeRateAsync(campaign, rate, who), rate is null
            ? visit.T["It goes as fast as its channels take it."] : visit.T["It goes at {0} at most from now on.", visit.T.PerSecond(rate.Value)]);
    }

    private static async Task TurnAsync(Visit visit, Func<long, string, ValueTask<CreateResult?>> turn, string done)
    {
        if (IdOf(visit) is not { } id || await turn(id, visit.Who) is not { } result)
        {
            await MissingAsync(visit);
            return;
        }

        await visit.GoAsync(visit.Field("back") == "list" ? "/campaigns" : PathOf(id), result.Error is null ? Notice.Done(done) : Notice.Failed(visit.T.Told(result.Error.Detail)));
    }

    private static CampaignSpec? SpecOf(Visit visit, out string? problem)
    {
        var rate = RateOf(visit, out problem);
        if (problem is not null)
        {
            return null;
        }

        CampaignHours? hours = null;
        if (visit.Field("start") is { } start)
        {
            hours = Hours.Read(start, visit.Field("end") ?? "", visit.Field("time_zone") ?? "", out var error);
            problem = error is null ? null : visit.T.Told(error.Detail);
        }

        return new CampaignSpec
        {
            Name = visit.Field("name") ?? visit.T["without a name"],
            From = visit.Field("from") ?? "",
            Text = visit.Field("text") ?? "",
            Channel = visit.Field("channel"),
            Rate = rate,
            Hours = hours,
        };
    }

    private static double? RateOf(Visit visit, out string? problem)
    {
        problem = null;
        if (visit.Field("rate") is not { } text)
        {
            return null;
        }

        if (double.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= CampaignRequest.MinRate and <= CampaignRequest.MaxRate)
        {
            return rate;
        }

        problem = visit.T["{0} is not a rate: 0.001 to 10,000,000 parts a second.", Words.Cut(text)];
        return null;
    }

    private Task ShowFormAsync(Visit visit, string problem) => visit.ShowAsync<CampaignNewView>(
        Form(problem, visit.Context.Request.Form.ToDictionary(f => f.Key, f => f.Value.ToString())), StatusCodes.Status422UnprocessableEntity);

    private CampaignNewModel Form(string? problem, Dictionary<string, string>? values) =>
        new() { Problem = problem, Values = values ?? [], Channels = [.. services.Messaging.Channels.All.Select(c => c.Name)] };

    private static long? IdOf(Visit visit) => CampaignId.TryParse(visit.Route("id"), out var id) ? id.Value : null;

    private static string PathOf(long id) => "/campaigns/" + new CampaignId(id);

    private static Task MissingAsync(Visit visit) => visit.NotFoundAsync(visit.T["There is no such campaign."]);
}

using Microsoft.AspNetCore.Http.Features;
using Strowger.Features.Access;
using Strowger.Features.Campaigns;
using Strowger.Features.Messaging.Sending;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Messages;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Campaigns;

/// <summary><c>POST /v1/campaigns</c>: a file goes to disk as it comes, every row is looked at once, and the answer says what it comes to.</summary>
internal sealed class CampaignUploads(HttpServices services)
{
    private readonly CampaignChanges _changes = new(services);
    private int _open;

    public IEnumerable<ApiRoute> Routes => [new("POST", "/v1/campaigns", Rights.MessagesWrite, CreateAsync)];

    private async Task CreateAsync(HttpContext context, Caller caller)
    {
        IdempotencyKey key = default;
        var query = new QueryReader(context, "dry_run");
        var isDryRun = query.Flag("dry_run");
        var problem = Readiness.NotReady(services) ?? query.Problem ?? RequestKey.Read(context, caller, out key);
        if (problem is null && Interlocked.Increment(ref _open) > HttpLimits.MaxUploads)
        {
            Interlocked.Decrement(ref _open);
            problem = Problem.Of("too_many_campaigns", $"{HttpLimits.MaxUploads} files are being received. Wait for one to end.") with { RetryAfter = TimeSpan.FromSeconds(5) };
        }

        if (problem is not null)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        try
        {
            await ReceiveAsync(context, caller, key, isDryRun).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task ReceiveAsync(HttpContext context, Caller caller, IdempotencyKey key, bool isDryRun)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = CampaignLimits.MaxFileBytes + HttpLimits.MaxCampaignExtra;
        }

        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, services.Stopping);
        var form = await CampaignForm.ReadAsync(context, services.Campaigns.Files, cancel.Token).ConfigureAwait(false);
        try
        {
            var problem = form.Problem;
            var spec = problem is null ? CampaignRequest.Read(form.Json, out problem) : null;
            if (spec is null)
            {
                await ProblemAnswer.WriteAsync(context, problem!).ConfigureAwait(false);
            }
            else if (isDryRun || key.IsNone)
            {
                await ScanAsync(context, caller, form, spec, null, isDryRun, cancel.Token).ConfigureAwait(false);
            }
            else
            {
                await OnceAsync(context, caller, form, spec, new RequestIdentity(key.For(0), form.Content()), cancel.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            // Kept under another name when it became a campaign's.
            form.Drop();
        }
    }

    private async Task OnceAsync(HttpContext context, Caller caller, CampaignForm form, CampaignSpec spec, RequestIdentity key, CancellationToken cancel)
    {
        if (services.Campaigns.Claim(key) is { } known)
        {
            await AnswerAsync(context, known, null, null).ConfigureAwait(false);
            return;
        }

        try
        {
            await ScanAsync(context, caller, form, spec, key, isDryRun: false, cancel).ConfigureAwait(false);
        }
        finally
        {
            services.Campaigns.LetGo(key);
        }
    }

    private async Task ScanAsync(HttpContext context, Caller caller, CampaignForm form, CampaignSpec spec, RequestIdentity? key, bool isDryRun, CancellationToken cancel)
    {
        var (scan, error) = await CampaignScan.RunAsync(form.File!.Path, spec, services.Campaigns.OpenDoor(), cancel).ConfigureAwait(false);
        if (scan is null)
        {
            await ProblemAnswer.WriteAsync(context, Problem.Of(error!)).ConfigureAwait(false);
            return;
        }

        var eta = services.Campaigns.Preview(spec, scan);
        if (isDryRun)
        {
            var cost = CampaignCost.Of(services, scan);
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, (scan, eta, cost, services.Currency), static (writer, state) => CampaignJson.WritePreview(writer, state.scan, state.eta, state.cost, state.Currency)).ConfigureAwait(false);
            return;
        }

        var created = await _changes.CreateAsync(spec, form.File, scan, caller.Name, key).ConfigureAwait(false);
        await AnswerAsync(context, created, scan, eta.Last).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context, CreateResult result, CampaignScan? scan, DateTimeOffset? eta)
    {
        if (result.Campaign is not { } campaign)
        {
            await ProblemAnswer.WriteAsync(context, Problem.Of(result.Error!, result.Error!.Status is 409 or 429 ? TimeSpan.FromSeconds(1) : null)).ConfigureAwait(false);
            return;
        }

        if (result.IsRepeat)
        {
            context.Response.Headers[RequestKey.ReplayedHeader] = "true";
        }

        var refused = services.Campaigns.Refused(campaign.Id, CampaignLimits.MaxRefusedTold);
        var view = CampaignView.Of(services, campaign, eta ?? services.Campaigns.Etas().GetValueOrDefault(campaign.Id));
        await JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, (view, refused, scan), static (writer, state) =>
        {
            writer.WriteStartObject();
            CampaignJson.WriteMembers(writer, state.view);
            if (state.scan is { } scan)
            {
                CampaignJson.WriteScan(writer, scan);
            }

            CampaignJson.WriteRefused(writer, state.refused);
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }
}

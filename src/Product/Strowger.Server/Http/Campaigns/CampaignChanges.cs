using System.Globalization;
using Strowger.Features.Campaigns;

namespace Strowger.Server.Http.Campaigns;

/// <summary>Campaigns begun, held, let go, slowed and ended, for the API and the console: what really changed is written to the audit.</summary>
internal sealed class CampaignChanges(HttpServices services)
{
    private const string NoLimit = "no limit";

    public async ValueTask<CreateResult> CreateAsync(CampaignSpec spec, ReceivedFile file, CampaignScan scan, string by, RequestIdentity? key)
    {
        var result = await services.Campaigns.CreateAsync(spec, file, scan, by, key).ConfigureAwait(false);
        return Told(result, "campaign.create", by, null, result.Campaign?.Name)!.Value;
    }

    public async ValueTask<CreateResult?> PauseAsync(long id, string by) =>
        Told(await services.Campaigns.PauseAsync(id, by).ConfigureAwait(false), "campaign.pause", by);

    public async ValueTask<CreateResult?> ResumeAsync(long id, string by) =>
        Told(await services.Campaigns.ResumeAsync(id, by).ConfigureAwait(false), "campaign.resume", by);

    public async ValueTask<CreateResult?> CancelAsync(long id, string by) =>
        Told(await services.Campaigns.CancelAsync(id, by).ConfigureAwait(false), "campaign.cancel", by);

    public async ValueTask<CreateResult?> ChangeRateAsync(long id, double? rate, string by)
    {
        var before = services.Campaigns.Find(id)?.Rate;
        return Told(await services.Campaigns.ChangeRateAsync(id, rate, by).ConfigureAwait(false), "campaign.rate", by, Words(before), Words(rate));
    }

    /// <summary>A repeat changes nothing and is not written down.</summary>
    private CreateResult? Told(CreateResult? result, string action, string by, string? before = null, string? after = null)
    {
        if (result is { Error: null, IsRepeat: false, Campaign: { } campaign })
        {
            services.Settings.Audit.Add(by, action, new CampaignId(campaign.Id).ToString(), before, after);
        }

        return result;
    }

    private static string Words(double? rate) => rate?.ToString(CultureInfo.InvariantCulture) ?? NoLimit;
}

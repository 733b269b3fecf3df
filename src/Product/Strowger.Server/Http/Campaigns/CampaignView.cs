using Strowger.Engine;
using Strowger.Features.Campaigns;
using Strowger.Records.Campaigns;
using Strowger.Records.Messages;

namespace Strowger.Server.Http.Campaigns;

/// <summary>A campaign with what became of its texts so far.</summary>
/// <param name="Campaign">As it is.</param>
/// <param name="Counts">Texts by status, from the read model.</param>
/// <param name="Queued">What it has in its queues now.</param>
/// <param name="Eta">When the last will have left; null when that is not known.</param>
/// <param name="OpensAt">When its hours begin, when none of its zones is open.</param>
public sealed record CampaignView(CampaignRecord Campaign, IReadOnlyDictionary<MessageStatus, long> Counts, FlowGroupInfo Queued, DateTimeOffset? Eta, DateTimeOffset? OpensAt)
{
    public string Id => new CampaignId(Campaign.Id).ToString();

    /// <summary>Rows that became texts.</summary>
    public long Taken => Campaign.Passes.Sum(pass => pass.Taken);

    /// <summary>Rows still in the file; of a campaign that is over: those that were never made texts.</summary>
    public long Left => Math.Max(0, Campaign.Rows - Campaign.BadRows - Taken);

    /// <summary>Texts that have left, whatever became of them.</summary>
    public long Gone => Counts.Where(count => count.Key is not (MessageStatus.Scheduled or MessageStatus.Queued or MessageStatus.Sending or MessageStatus.Cancelled)).Sum(count => count.Value);

    public string State => Campaign.State switch
    {
        CampaignState.Running => OpensAt is null ? "running" : "waiting",
        CampaignState.Paused => "paused",
        CampaignState.Cancelling => "cancelling",
        CampaignState.Cancelled => "cancelled",
        _ => "done",
    };

    public static CampaignView Of(HttpServices services, CampaignRecord campaign, DateTimeOffset? eta) => Of(
        services, campaign, eta, services.Lists.StatusCounts(new CampaignId(campaign.Id).ToString()).GroupBy(count => count.Status).ToDictionary(group => group.Key, group => group.Sum(count => count.Messages)));

    public static CampaignView Of(HttpServices services, CampaignRecord campaign, DateTimeOffset? eta, IReadOnlyDictionary<MessageStatus, long> counts) =>
        new(campaign, counts, services.Campaigns.QueuedOf(campaign.Id), campaign.EndedAt is null ? eta : null, services.Campaigns.OpensAt(campaign.Id));
}

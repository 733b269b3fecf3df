using Strowger.Features.Campaigns;

namespace Strowger.Server.Http.Campaigns;

/// <summary>What a file's parts cost by the prices of the channels they are expected to go over. About: another channel may take some.</summary>
/// <param name="Amount">In the operator's currency, of parts whose channel has a price; null when none has.</param>
/// <param name="Unpriced">Channels without a price that parts go over.</param>
internal sealed record CampaignCost(decimal? Amount, IReadOnlyList<string> Unpriced)
{
    public static CampaignCost Of(HttpServices services, CampaignScan scan)
    {
        decimal? amount = null;
        var unpriced = new List<string>();
        foreach (var route in scan.Routes)
        {
            if (services.Messaging.Channels.Find(route.Channel)?.Settings.Price is { } price)
            {
                amount = (amount ?? 0) + (price * route.Parts);
            }
            else if (!unpriced.Contains(route.Channel))
            {
                unpriced.Add(route.Channel);
            }
        }

        return new CampaignCost(amount, unpriced);
    }
}

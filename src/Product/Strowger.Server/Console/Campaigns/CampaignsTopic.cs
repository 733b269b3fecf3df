using System.Collections.Frozen;
using System.Globalization;

namespace Strowger.Server.ConsolePage;

/// <summary>Tells the campaigns' pages when one turns, also by itself: finished, or its hours begun or ended. Their numbers they ask for anew.</summary>
internal static class CampaignsTopic
{
    public static LiveTopic Topic { get; } = new("campaigns", static (_, _) => FrozenDictionary<string, string>.Empty, Shape);

    private static string Shape(LiveFrame frame)
    {
        var hash = default(HashCode);
        foreach (var (id, state, isOutsideHours, rate) in (frame.Campaigns?.Stands() ?? []).OrderBy(campaign => campaign.Id))
        {
            hash.Add(id);
            hash.Add(state);
            hash.Add(isOutsideHours);
            hash.Add(rate);
        }

        return hash.ToHashCode().ToString(CultureInfo.InvariantCulture);
    }
}

namespace Strowger.Features.Campaigns;

/// <summary>A campaign's id as its users see it: <c>cmp_</c> and its number (<see cref="PublicId"/>), so that ids sort by creation.</summary>
public readonly record struct CampaignId(long Value)
{
    private const string Prefix = "cmp_";

    public static bool TryParse(ReadOnlySpan<char> text, out CampaignId id)
    {
        var isOne = PublicId.TryParse(Prefix, text, out var number);
        id = new CampaignId(number);
        return isOne;
    }

    public override string ToString() => PublicId.ToText(Prefix, Value);
}

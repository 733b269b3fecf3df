using Strowger.Features.Campaigns;
using Strowger.Server.Http.Campaigns;

namespace Strowger.Server.ConsolePage;

/// <summary>The list.</summary>
public sealed class CampaignsModel
{
    public required Sentence Sentence { get; init; }

    public required IReadOnlyList<CampaignView> Campaigns { get; init; }

    public required string? Next { get; init; }
}

/// <summary>One campaign.</summary>
public sealed class CampaignModel
{
    public required Sentence Sentence { get; init; }

    public required CampaignView View { get; init; }

    public required IReadOnlyList<Records.Campaigns.RefusedRow> Refused { get; init; }
}

/// <summary>The form, with what was typed when something is wrong.</summary>
public sealed class CampaignNewModel
{
    public string? Problem { get; init; }

    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    public required IReadOnlyList<string> Channels { get; init; }

    public string? this[string name] => Values.GetValueOrDefault(name);
}

/// <summary>What a file comes to, before yes.</summary>
public sealed class CampaignDraftModel
{
    public required Sentence Sentence { get; init; }

    public required CampaignDraft Draft { get; init; }

    public CampaignScan Scan => Draft.Scan;
}

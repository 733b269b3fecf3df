using Strowger.Features.Messaging;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Campaigns;

/// <summary>What a campaign is asked to be, its fields checked one by one.</summary>
public sealed record CampaignSpec
{
    public required string Name { get; init; }

    /// <summary>As it was written.</summary>
    public required string From { get; init; }

    /// <summary>The text, with the file's columns in braces.</summary>
    public required string Text { get; init; }

    /// <summary>Null: by the recipient's number.</summary>
    public string? Channel { get; init; }

    /// <summary>Parts a second; null: as fast as the channel.</summary>
    public double? Rate { get; init; }

    public CampaignHours? Hours { get; init; }

    /// <summary>The first thing that is wrong; null when nothing is.</summary>
    public RequestError? Check(CampaignDoor door)
    {
        ArgumentNullException.ThrowIfNull(door);
        return Name.Length > CampaignLimits.MaxName ? RequestError.Of("name", "too_long", $"it has {Name.Length} characters; allowed are {CampaignLimits.MaxName}")
            : Text.Length == 0 ? RequestError.Of("text", "empty", "the text is empty; allowed are 1 or more characters")
            : !Sender.TryParse(System.Text.Encoding.UTF8.GetBytes(From), out _, out var error) ? RequestError.Of("from", "invalid_sender", error!)
            : Channel is null ? null
            : door.CheckChannel(Channel);
    }
}

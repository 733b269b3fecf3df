using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;

namespace Strowger.Server.ConsolePage;

/// <summary>A page of messages.</summary>
public sealed record MessagesModel
{
    public required MessageQuery Search { get; init; }

    public required MessagePage Page { get; init; }

    /// <summary>How far the lists are behind.</summary>
    public TimeSpan Lag { get; init; }

    public IReadOnlyList<StatusCount> Counts { get; init; } = [];

    public IReadOnlyList<string> Channels { get; init; } = [];
}

/// <summary>One message, and the answer in words.</summary>
public sealed record MessageModel
{
    public required MessageView Message { get; init; }

    public required Sentence Answer { get; init; }

    /// <summary>In words; null: nobody with a name, or a campaign.</summary>
    public string? HandedInBy { get; init; }

    /// <summary>Just made.</summary>
    public string? ShareLink { get; init; }
}

/// <summary>What a shared link shows; no message: its time is over.</summary>
public sealed record SharedModel
{
    public required Language T { get; init; }

    public required ConsoleAssets Assets { get; init; }

    public MessageModel? Message { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

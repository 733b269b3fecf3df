namespace Strowger.Server.Cli.Sending;

/// <summary>What all texts of a <c>send</c> have in common. Null is left to the server.</summary>
internal sealed record SendOptions
{
    public string? From { get; init; }

    public string? Channel { get; init; }

    public string? Priority { get; init; }

    public string? Campaign { get; init; }

    public string? Reference { get; init; }

    /// <summary>ISO 8601.</summary>
    public string? SendAt { get; init; }

    public long? ExpiresInSeconds { get; init; }
}

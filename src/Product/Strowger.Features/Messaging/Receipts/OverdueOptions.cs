namespace Strowger.Features.Messaging.Receipts;

/// <summary>When a handed-over part without a final receipt is asked about, and when it is given up.</summary>
public sealed record OverdueOptions
{
    /// <summary>Asked about first after this, then each time its age has doubled. Default 1 hour.</summary>
    public TimeSpan QueryAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Becomes <c>unknown</c> so long after the hand-over and the end of its validity. Default 72 hours.</summary>
    public TimeSpan UnknownAfter { get; init; } = TimeSpan.FromHours(72);

    /// <summary>One query a channel in this time at most. Default 1 s.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>One page of the list in this time at most, since a page may look at 400,000 rows. Default 5 s.</summary>
    public TimeSpan PageEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Rest after the whole list was walked. Default 10 minutes.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromMinutes(10);
}

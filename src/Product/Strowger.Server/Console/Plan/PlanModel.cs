using Strowger.Features.Planning;

namespace Strowger.Server.ConsolePage;

/// <summary>The question, and the answers that are there.</summary>
public sealed record PlanModel
{
    public required PlanForm Form { get; init; }

    /// <summary>Null: nothing was asked, or it cannot be planned.</summary>
    public PlanReport? Report { get; init; }

    /// <summary>Parts that wait in the server now.</summary>
    public long Waiting { get; init; }

    /// <summary>The simulation was asked for and did not end in its time.</summary>
    public bool IsLate { get; init; }

    /// <summary>Null: not read yet.</summary>
    public LatenessReport? Lateness { get; init; }

    /// <summary>It was asked for and not read in its time.</summary>
    public bool IsUnread { get; init; }

    /// <summary>How far back.</summary>
    public int Minutes { get; init; }

    public required IReadOnlyList<int> Spans { get; init; }

    /// <summary>This address with one value more.</summary>
    public required Func<(string Name, string Value), string> Here { get; init; }
}

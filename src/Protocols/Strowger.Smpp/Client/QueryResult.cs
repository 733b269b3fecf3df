namespace Strowger.Smpp;

/// <summary>How a query_sm ended.</summary>
public enum QueryOutcome
{
    /// <summary>The carrier answered; see the status.</summary>
    Answered,

    /// <summary>Not bound, window full or the carrier reads too slowly: nothing was sent.</summary>
    NotSent,

    /// <summary>No answer in time, or the connection was lost.</summary>
    Unanswered,
}

/// <param name="Status">command_status of the answer.</param>
/// <param name="MessageState">ENROUTE 1, DELIVERED 2, EXPIRED 3, DELETED 4, UNDELIVERABLE 5, ACCEPTED 6, UNKNOWN 7, REJECTED 8.</param>
/// <param name="FinalDate">YYMMDDhhmmsstnnp, or empty.</param>
public readonly record struct QueryResult(QueryOutcome Outcome, uint Status, byte MessageState, byte ErrorCode, string FinalDate);

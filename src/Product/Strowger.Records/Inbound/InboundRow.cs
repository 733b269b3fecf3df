namespace Strowger.Records.Inbound;

/// <summary>A text received, as the list keeps it.</summary>
/// <param name="Position">Of its event in the journal: unique, growing with time.</param>
/// <param name="ReceivedMs">Unix milliseconds.</param>
/// <param name="Channel">Where it came in.</param>
/// <param name="From">As the carrier wrote it.</param>
/// <param name="To">As the carrier wrote it.</param>
/// <param name="Text">Null when it is data.</param>
/// <param name="DataHex">Null when it is text.</param>
/// <param name="DataCoding">The carrier's data_coding.</param>
/// <param name="Parts">Parts of the whole, 1 to 255.</param>
/// <param name="Part">Which of them this is, from 1; 0: all of them, joined.</param>
/// <param name="Reference">Same in all parts of a text.</param>
public sealed record InboundRow(
    long Position,
    long ReceivedMs,
    string Channel,
    string From,
    string To,
    string? Text,
    string? DataHex,
    int DataCoding,
    int Parts,
    int Part,
    int Reference)
{
    /// <summary>Hexadecimal digits of the carrier's own TLVs; null when there are none.</summary>
    public string? Tlvs { get; init; }

    /// <summary>Rows that go when this one comes: the parts it was joined from. Not kept.</summary>
    public IReadOnlyList<long> Replaces { get; init; } = [];
}

/// <summary>Which texts to list: those that match all that is given, newest first.</summary>
public sealed record InboundFilter
{
    /// <summary>Sender, with or without '+'; null is any.</summary>
    public string? From { get; init; }

    /// <summary>Recipient, with or without '+'; null is any.</summary>
    public string? To { get; init; }

    /// <summary>1 to <see cref="RecordsLimits.MaxPage"/>.</summary>
    public int Limit { get; init; } = RecordsLimits.DefaultPage;

    /// <summary>Only texts with a smaller position: the last page's <see cref="InboundRows.NextBefore"/>.</summary>
    public long Before { get; init; } = long.MaxValue;
}

/// <summary>One page.</summary>
/// <param name="Rows">At most the limit; fewer, even none, when the search looked at <see cref="InboundStore.MaxExamined"/> rows.</param>
/// <param name="NextBefore">Goes on from here; null at the end.</param>
public sealed record InboundRows(IReadOnlyList<InboundRow> Rows, long? NextBefore);

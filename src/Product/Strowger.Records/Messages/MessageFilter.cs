namespace Strowger.Records.Messages;

/// <summary>Which messages to list: those that match all that is given, newest first.</summary>
public sealed record MessageFilter
{
    public MessageStatus? Status { get; init; }

    public string? Channel { get; init; }

    public string? Campaign { get; init; }

    public string? Reference { get; init; }

    /// <summary>E.164 digits as a number.</summary>
    public ulong? To { get; init; }

    /// <summary>The last digits of the number. Not found by an index: a page looks at <see cref="MessageStoreOptions.MaxExamined"/> rows and goes on from there.</summary>
    public NumberEnding? ToEnding { get; init; }

    /// <summary>1 to <see cref="RecordsLimits.MaxPage"/>.</summary>
    public int Limit { get; init; } = RecordsLimits.DefaultPage;

    /// <summary>Only messages with a smaller id: the last page's <see cref="MessagePage.NextBefore"/>.</summary>
    public long Before { get; init; } = long.MaxValue;
}

/// <summary>The last digits of a number: 1 to 15 of them, zeros before them count.</summary>
public readonly record struct NumberEnding
{
    private static readonly ulong[] _powers = [.. Enumerable.Range(0, 16).Select(n => (ulong)Math.Pow(10, n))];

    public NumberEnding(ulong value, int digits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 15);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, _powers[digits]);
        (Value, Modulus) = (value, _powers[digits]);
    }

    public ulong Value { get; }

    private ulong Modulus { get; }

    public bool Ends(ulong number) => number % Modulus == Value;
}

/// <summary>A message as lists show it. Times are Unix milliseconds; 0 is not yet.</summary>
public sealed record MessageRecord(
    long Id,
    ulong To,
    string? From,
    MessageStatus Status,
    string? Channel,
    string? Campaign,
    string? Reference,
    int Parts,
    long AcceptedMs,
    long UpdatedMs,
    long SentMs,
    long FinalMs,
    int Error);

/// <summary>One page.</summary>
/// <param name="Rows">At most the limit; fewer, even none, when the search looked at <see cref="MessageStoreOptions.MaxExamined"/> rows.</param>
/// <param name="NextBefore">Goes on from here; null at the end.</param>
public sealed record MessagePage(IReadOnlyList<MessageRecord> Rows, long? NextBefore);

/// <summary>How many match.</summary>
/// <param name="Capped">There may be more: counting stopped.</param>
public readonly record struct MessageCount(long Count, bool Capped);

/// <summary>Messages of one channel, campaign and status.</summary>
public sealed record StatusCount(string? Channel, string? Campaign, MessageStatus Status, long Messages);

namespace Strowger.Engine;

public enum OutcomeKind : byte
{
    Done,
    Retry,
    Busy,
    Narrow,
    Unreachable,
    RouteFault,
    Permanent,
    Unsure,
}

/// <summary>
/// What became of one attempt: a closed set, so that the next state is decided in one place. <see cref="Code"/> is the
/// feature's own reason, kept in the job's history.
/// </summary>
public readonly record struct Outcome
{
    private Outcome(OutcomeKind kind, int code, long value)
    {
        Kind = kind;
        Code = code;
        Value = value;
    }

    public OutcomeKind Kind { get; }

    public int Code { get; }

    /// <summary>Retry: milliseconds, −1 = by the stage's backoff. Narrow: the new width.</summary>
    public long Value { get; }

    public static Outcome Done(int code = 0) => new(OutcomeKind.Done, code, 0);

    /// <summary>Failed for now; counts as an attempt.</summary>
    public static Outcome Retry(int code = 0, TimeSpan? after = null) =>
        new(OutcomeKind.Retry, code, after is { } wait ? (long)wait.TotalMilliseconds : -1);

    /// <summary>Refused because of a rate: back to the head, no attempt, and the stage slows down.</summary>
    public static Outcome Busy(int code = 0) => new(OutcomeKind.Busy, code, 0);

    /// <summary>Refused because too much is in flight: back to the head, no attempt, and the stage narrows.</summary>
    public static Outcome Narrow(int code = 0) => new(OutcomeKind.Narrow, code, 0);

    /// <summary>Could not be handed over at all: keeps its place, is no attempt.</summary>
    public static Outcome Unreachable(int code = 0) => new(OutcomeKind.Unreachable, code, 0);

    /// <summary>This way refuses it, another may take it: handed out to the queue's other stages.</summary>
    public static Outcome RouteFault(int code) => new(OutcomeKind.RouteFault, code, 0);

    public static Outcome Permanent(int code) => new(OutcomeKind.Permanent, code, 0);

    /// <summary>It may have been done: settled later, else by the stage's <see cref="WhenUnsure"/>.</summary>
    public static Outcome Unsure(int code = 0) => new(OutcomeKind.Unsure, code, 0);
}

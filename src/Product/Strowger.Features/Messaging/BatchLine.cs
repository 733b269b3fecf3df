namespace Strowger.Features.Messaging;

/// <summary>How a batch is written.</summary>
public enum BatchFormat : byte
{
    /// <summary>Nothing but blanks so far.</summary>
    Undecided,

    /// <summary>One message a line (NDJSON).</summary>
    Lines,

    /// <summary>A JSON array of messages.</summary>
    Array,
}

/// <summary>Why a line or element could not be taken out of a batch.</summary>
public enum BatchProblem : byte
{
    /// <summary>It could.</summary>
    None,

    /// <summary>Over <see cref="MessageLimits.MaxLine"/>; it was passed over.</summary>
    TooLong,

    /// <summary>An array's element is missing: two commas, or a comma before the end.</summary>
    Empty,

    /// <summary>The input ended within the array. The last one.</summary>
    Unterminated,

    /// <summary>Something follows the array; it is not read. The last one.</summary>
    TrailingData,
}

/// <summary>One line of a batch, or one element of its array; valid until the next is taken.</summary>
public readonly ref struct BatchLine
{
    /// <summary>Line of the input, blank ones counted, or element of the array; from 1.</summary>
    public long Number { get; init; }

    /// <summary>The JSON, without blanks around it; empty when there is a problem.</summary>
    public ReadOnlySpan<byte> Json { get; init; }

    /// <summary>None for a line to be parsed.</summary>
    public BatchProblem Problem { get; init; }

    /// <summary>Octets of the input before the end of this line.</summary>
    public long Position { get; init; }
}

namespace Strowger.Features.Messaging;

/// <summary>What is wrong with a CSV file or one of its rows.</summary>
public enum CsvProblem : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>There is no header row.</summary>
    NoHeader,

    /// <summary>Two columns have the same name.</summary>
    DuplicateColumn,

    /// <summary>Over <see cref="MessageLimits.MaxCsvColumns"/> columns.</summary>
    TooManyColumns,

    /// <summary>The row is longer than <see cref="MessageLimits.MaxCsvRow"/>; it was passed over.</summary>
    RowTooLong,

    /// <summary>A quote is opened and not closed; reading goes on at the next line.</summary>
    UnclosedQuote,

    /// <summary>The row has more fields than the header, and they are not empty.</summary>
    TooManyFields,
}

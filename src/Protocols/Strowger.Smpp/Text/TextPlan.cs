namespace Strowger.Smpp.Text;

/// <summary>Why a text cannot be sent as asked.</summary>
public enum PlanError : byte
{
    /// <summary>It can be sent.</summary>
    None,

    /// <summary>It needs more parts than allowed; <see cref="TextPlan.Parts"/> says how many, or at least how many when over 255.</summary>
    TooLong,

    /// <summary>The character at <see cref="TextPlan.ErrorIndex"/> is in none of the allowed encodings, or is half a surrogate pair.</summary>
    Unencodable,
}

/// <summary>The encoding and division of one message. The same text and options always give the same plan.</summary>
public readonly record struct TextPlan
{
    /// <summary>The encoding chosen.</summary>
    public TextEncoding Encoding { get; init; }

    /// <summary>data_coding to send it with.</summary>
    public byte DataCoding { get; init; }

    /// <summary>Parts, that is submit_sm and billed units: 1 or more, also for an empty text.</summary>
    public int Parts { get; init; }

    /// <summary>Length in the encoding's unit: septets (an escape counts two), octets or UTF-16 code units.</summary>
    public int Units { get; init; }

    /// <summary>True: septets are packed.</summary>
    public bool Packed { get; init; }

    /// <summary>National single shift table of a GSM 7-bit text (<see cref="NationalLanguage"/>); 0 the default one.</summary>
    public byte SingleShift { get; init; }

    /// <summary>National locking shift table; 0 the default one.</summary>
    public byte LockingShift { get; init; }

    /// <summary>True: a header names a national table, also in a message of one part.</summary>
    public bool IsNational => (SingleShift | LockingShift) != 0;

    /// <summary>True: parts carry 16-bit references.</summary>
    public bool Reference16 { get; init; }

    /// <summary>None when the message can be sent.</summary>
    public PlanError Error { get; init; }

    /// <summary>UTF-16 index of the first character that cannot be encoded; -1 otherwise.</summary>
    public int ErrorIndex { get; init; }

    /// <summary>True when the message can be sent.</summary>
    public bool Ok => Error == PlanError.None;
}

using System.Text;

namespace Strowger.Smpp.Receipts;

/// <summary>What a delivery receipt reports. 0 to 9 are the values of message_state (SMPP 5.0, 4.7.15; 3.4 has 1 to 8).</summary>
public enum ReceiptState : byte
{
    /// <summary>The message waits for its hour.</summary>
    Scheduled = 0,

    /// <summary>ENROUTE: on its way.</summary>
    EnRoute = 1,

    /// <summary>DELIVRD.</summary>
    Delivered = 2,

    /// <summary>EXPIRED.</summary>
    Expired = 3,

    /// <summary>DELETED.</summary>
    Deleted = 4,

    /// <summary>UNDELIV.</summary>
    Undeliverable = 5,

    /// <summary>ACCEPTD: read on the subscriber's behalf by customer service; carriers use it for "we took it".</summary>
    Accepted = 6,

    /// <summary>UNKNOWN: the carrier does not know.</summary>
    Unknown = 7,

    /// <summary>REJECTD.</summary>
    Rejected = 8,

    /// <summary>SKIPPED.</summary>
    Skipped = 9,

    /// <summary>BUFFRED, in no standard: the carrier keeps trying.</summary>
    Buffered = 100,

    /// <summary>NACK, in no standard: refused.</summary>
    Nack = 101,

    /// <summary>FAILED, in no standard.</summary>
    Failed = 102,

    /// <summary>No state, or a word that is not known; the word is kept.</summary>
    Unrecognised = 255,
}

/// <summary>What a state means for the message, and its words.</summary>
public static class ReceiptStates
{
    /// <summary>True: nothing more will come, the message arrived or did not.</summary>
    public static bool IsFinal(this ReceiptState state) =>
        state is ReceiptState.Delivered or ReceiptState.Expired or ReceiptState.Deleted or ReceiptState.Undeliverable
            or ReceiptState.Rejected or ReceiptState.Skipped or ReceiptState.Nack or ReceiptState.Failed or ReceiptState.Unknown;

    /// <summary>True: the carrier still has it (scheduled, ENROUTE, ACCEPTD, BUFFRED).</summary>
    public static bool IsPending(this ReceiptState state) =>
        state is ReceiptState.Scheduled or ReceiptState.EnRoute or ReceiptState.Accepted or ReceiptState.Buffered;

    /// <summary>The word of the receipt text, seven characters where the standard has one.</summary>
    public static ReadOnlySpan<byte> Word(this ReceiptState state) => state switch
    {
        ReceiptState.Scheduled => "SCHEDLD"u8,
        ReceiptState.EnRoute => "ENROUTE"u8,
        ReceiptState.Delivered => "DELIVRD"u8,
        ReceiptState.Expired => "EXPIRED"u8,
        ReceiptState.Deleted => "DELETED"u8,
        ReceiptState.Undeliverable => "UNDELIV"u8,
        ReceiptState.Accepted => "ACCEPTD"u8,
        ReceiptState.Rejected => "REJECTD"u8,
        ReceiptState.Skipped => "SKIPPED"u8,
        ReceiptState.Buffered => "BUFFRED"u8,
        ReceiptState.Nack => "NACK"u8,
        ReceiptState.Failed => "FAILED"u8,
        _ => "UNKNOWN"u8,
    };

    /// <summary>The state of a word, in any case, abbreviated or in full.</summary>
    public static ReceiptState Parse(ReadOnlySpan<byte> word)
    {
        // The beginning tells: DELIVRD and DELIVERED, NACK and NACK/0x0000000B.
        Span<byte> upper = stackalloc byte[4];
        Ascii.ToUpper(word[..Math.Min(word.Length, 4)], upper, out var length);
        return upper[..length] switch
        {
            [(byte)'D', (byte)'E', (byte)'L', (byte)'I', ..] => ReceiptState.Delivered,
            [(byte)'D', (byte)'E', (byte)'L', (byte)'E', ..] => ReceiptState.Deleted,
            [(byte)'U', (byte)'N', (byte)'D', ..] => ReceiptState.Undeliverable,
            [(byte)'U', (byte)'N', (byte)'K', ..] => ReceiptState.Unknown,
            [(byte)'E', (byte)'X', (byte)'P', ..] => ReceiptState.Expired,
            [(byte)'E', (byte)'N', ..] => ReceiptState.EnRoute,
            [(byte)'A', (byte)'C', (byte)'C', ..] => ReceiptState.Accepted,
            [(byte)'R', (byte)'E', (byte)'J', ..] => ReceiptState.Rejected,
            [(byte)'B', (byte)'U', (byte)'F', (byte)'F', ..] => ReceiptState.Buffered,
            [(byte)'S', (byte)'C', (byte)'H', ..] => ReceiptState.Scheduled,
            [(byte)'S', (byte)'K', (byte)'I', ..] => ReceiptState.Skipped,
            [(byte)'N', (byte)'A', (byte)'C', (byte)'K', ..] => ReceiptState.Nack,
            [(byte)'F', (byte)'A', (byte)'I', ..] => ReceiptState.Failed,
            _ => ReceiptState.Unrecognised,
        };
    }
}

using System.Text;

namespace Strowger.Smpp.Receipts;

/// <summary>Ways in which carriers' receipts differ from the standard's text; what a simulated carrier is told to do.</summary>
[Flags]
public enum ReceiptQuirks
{
    /// <summary>The text of SMPP 3.4, appendix B.</summary>
    None = 0,

    /// <summary>submitdate and donedate in one word.</summary>
    JoinedDateNames = 1,

    /// <summary>Dates with seconds, 12 digits.</summary>
    Seconds = 2,

    /// <summary>Dates of zeros.</summary>
    ZeroDates = 4,

    /// <summary>stat in lower case.</summary>
    LowerCaseState = 8,

    /// <summary>Text: with a capital.</summary>
    CapitalText = 16,

    /// <summary>No text:.</summary>
    NoText = 32,

    /// <summary>No sub: and dlvrd:.</summary>
    NoCounts = 64,

    /// <summary>Another field after the text.</summary>
    ExtraFields = 128,

    /// <summary>An empty text: the TLVs alone tell.</summary>
    TlvOnly = 256,
}

/// <summary>What a receipt says.</summary>
public readonly ref struct ReceiptFields
{
    /// <summary>The message's id.</summary>
    public ReadOnlySpan<byte> MessageId { get; init; }

    /// <summary>Its state.</summary>
    public ReceiptState State { get; init; }

    /// <summary>The error, usually three digits; empty writes 000.</summary>
    public ReadOnlySpan<byte> Error { get; init; }

    /// <summary>When it was submitted.</summary>
    public DateTime SubmitDate { get; init; }

    /// <summary>When it reached its state.</summary>
    public DateTime DoneDate { get; init; }

    /// <summary>The message, of which the first 20 octets are quoted.</summary>
    public ReadOnlySpan<byte> Text { get; init; }
}

/// <summary>Writes receipts as carriers do.</summary>
public static class ReceiptWriter
{
    /// <summary>Octets that are always enough.</summary>
    public const int MaxLength = 254;

    /// <summary>Octets of the message that a receipt quotes.</summary>
    public const int QuotedOctets = 20;

    /// <summary>Writes the receipt's text and returns its length.</summary>
    public static int Write(in ReceiptFields fields, ReceiptQuirks quirks, Span<byte> destination)
    {
        if ((quirks & ReceiptQuirks.TlvOnly) != 0)
        {
            return 0;
        }

        var n = 0;
        Put("id:"u8, destination, ref n);
        Put(fields.MessageId[..Math.Min(fields.MessageId.Length, MessageIdForms.MaxLength)], destination, ref n);
        if ((quirks & ReceiptQuirks.NoCounts) == 0)
        {
            Put(fields.State == ReceiptState.Delivered ? " sub:001 dlvrd:001"u8 : " sub:001 dlvrd:000"u8, destination, ref n);
        }

        var joined = (quirks & ReceiptQuirks.JoinedDateNames) != 0;
        Put(joined ? " submitdate:"u8 : " submit date:"u8, destination, ref n);
        PutDate(fields.SubmitDate, quirks, destination, ref n);
        Put(joined ? " donedate:"u8 : " done date:"u8, destination, ref n);
        PutDate(fields.DoneDate, quirks, destination, ref n);
        Put(" stat:"u8, destination, ref n);
        var state = n;
        Put(fields.State.Word(), destination, ref n);
        if ((quirks & ReceiptQuirks.LowerCaseState) != 0)
        {
            Ascii.ToLowerInPlace(destination[state..n], out _);
        }

        Put(" err:"u8, destination, ref n);
        Put(fields.Error.IsEmpty ? "000"u8 : fields.Error[..Math.Min(fields.Error.Length, 8)], destination, ref n);
        if ((quirks & ReceiptQuirks.NoText) == 0)
        {
            Put((quirks & ReceiptQuirks.CapitalText) != 0 ? " Text:"u8 : " text:"u8, destination, ref n);
            Put(fields.Text[..Math.Min(fields.Text.Length, QuotedOctets)], destination, ref n);
        }

        if ((quirks & ReceiptQuirks.ExtraFields) != 0)
        {
            Put(" mccmnc:24007"u8, destination, ref n);
        }

        return n;
    }

    private static void PutDate(DateTime date, ReceiptQuirks quirks, Span<byte> destination, ref int n)
    {
        var seconds = (quirks & ReceiptQuirks.Seconds) != 0;
        if ((quirks & ReceiptQuirks.ZeroDates) != 0)
        {
            Put(seconds ? "000000000000"u8 : "0000000000"u8, destination, ref n);
            return;
        }

        PutTwo(date.Year % 100, destination, ref n);
        PutTwo(date.Month, destination, ref n);
        PutTwo(date.Day, destination, ref n);
        PutTwo(date.Hour, destination, ref n);
        PutTwo(date.Minute, destination, ref n);
        if (seconds)
        {
            PutTwo(date.Second, destination, ref n);
        }
    }

    private static void PutTwo(int value, Span<byte> destination, ref int n)
    {
        destination[n++] = (byte)('0' + (value / 10));
        destination[n++] = (byte)('0' + (value % 10));
    }

    private static void Put(ReadOnlySpan<byte> value, Span<byte> destination, ref int n)
    {
        value.CopyTo(destination[n..]);
        n += value.Length;
    }
}

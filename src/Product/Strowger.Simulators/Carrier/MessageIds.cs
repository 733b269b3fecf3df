using System.Globalization;
using System.Text;

namespace Strowger.Simulators;

/// <summary>Message ids as answered and as they appear in receipts.</summary>
internal static class MessageIds
{
    /// <summary>Ids start at the wall clock in millionths of a second, so that a restarted carrier does not give old ids again.</summary>
    public static long First(DateTimeOffset now) => (now.ToUnixTimeMilliseconds() - 1_600_000_000_000) * 1000;

    /// <summary>Writes the id of the answer; returns its length.</summary>
    public static int WriteAnswered(long id, ReceiptIdQuirk quirk, Span<byte> destination)
    {
        id.TryFormat(destination, out int length, quirk switch
        {
            ReceiptIdQuirk.Decimal or ReceiptIdQuirk.Upper => "x",
            ReceiptIdQuirk.Lower => "X",
            ReceiptIdQuirk.NoZeros => "D20",
            _ => "D",
        }, CultureInfo.InvariantCulture);
        return length;
    }

    /// <summary>Reads an id as it was answered; 0 when it cannot be one.</summary>
    public static long Parse(ReadOnlySpan<byte> answered, ReceiptIdQuirk quirk)
    {
        bool hex = quirk is ReceiptIdQuirk.Decimal or ReceiptIdQuirk.Upper or ReceiptIdQuirk.Lower;
        return long.TryParse(answered, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : 0;
    }

    public static byte[] InReceipt(long id, ReceiptIdQuirk quirk) => Encoding.ASCII.GetBytes(id.ToString(quirk switch
    {
        ReceiptIdQuirk.Hex or ReceiptIdQuirk.Upper => "X",
        ReceiptIdQuirk.Lower => "x",
        ReceiptIdQuirk.LeadingZeros => "D20",
        _ => "D",
    }, CultureInfo.InvariantCulture));
}

using System.Globalization;
using System.Text;
using Strowger.Smpp;

namespace Strowger.Simulators;

/// <summary>Writes receipts in the shapes that real carriers give them.</summary>
internal static class ReceiptText
{
    public const byte Enroute = 1;
    public const byte Delivered = 2;
    public const byte Undeliverable = 5;

    public static byte[] Text(ReadOnlySpan<byte> id, byte state, DateTimeOffset submitted, DateTimeOffset done, ReceiptFormat format)
    {
        if (format == ReceiptFormat.TlvOnly)
        {
            return [];
        }

        string name = state switch
        {
            Enroute => "ENROUTE",
            Delivered => "DELIVRD",
            _ => "UNDELIV",
        };
        string error = state == Undeliverable ? "001" : "000";
        string idText = Encoding.ASCII.GetString(id);
        if (format == ReceiptFormat.Short)
        {
            return Encoding.ASCII.GetBytes($"id:{idText} stat:{name} err:{error}");
        }

        string dates = format == ReceiptFormat.LongDates ? "yyMMddHHmmss" : "yyMMddHHmm";
        string blank = format == ReceiptFormat.NoBlank ? "" : " ";
        string text = format == ReceiptFormat.OddCase ? "Text" : "text";
        string stat = format == ReceiptFormat.OddCase ? name.ToLowerInvariant() : name;
        int delivered = state == Delivered ? 1 : 0;
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"id:{idText} sub:001 dlvrd:{delivered:D3} submit{blank}date:{submitted.ToString(dates, CultureInfo.InvariantCulture)} done{blank}date:{done.ToString(dates, CultureInfo.InvariantCulture)} stat:{stat} err:{error} {text}:"));
    }

    public static byte[] Tlvs(ReadOnlySpan<byte> id, byte state, ReceiptFormat format)
    {
        if (format is not (ReceiptFormat.Full or ReceiptFormat.TlvOnly or ReceiptFormat.NotSwapped or ReceiptFormat.Doubled))
        {
            return [];
        }

        Span<byte> buffer = stackalloc byte[64];
        var writer = new TlvWriter(buffer);
        writer.TryAddCString(TlvTag.ReceiptedMessageId, id);
        writer.TryAddByte(TlvTag.MessageState, state);
        return writer.Written.ToArray();
    }
}

using System.Globalization;
using Strowger.Smpp;

namespace Strowger.Features.Messaging;

/// <summary>Parameters of a carrier's PDU that mean nothing to us and may to its owner: kept as they came, and shown.</summary>
internal static class KeptTlvs
{
    /// <summary>Of one PDU, tags and lengths included: what carriers add is a network, a price, an id. Those that do not fit are left out.</summary>
    public const int MaxOctets = 256;

    /// <summary>In the form they have on the wire; none when there is nothing but what is read anyway.</summary>
    public static byte[] Of(Tlvs tlvs)
    {
        if (tlvs.IsEmpty)
        {
            return [];
        }

        Span<byte> kept = stackalloc byte[MaxOctets];
        var writer = new TlvWriter(kept);
        foreach (var tlv in tlvs)
        {
            if (!IsRead(tlv.Tag) && writer.Length + 4 + tlv.Value.Length <= MaxOctets)
            {
                writer.TryAdd(tlv.Tag, tlv.Value);
            }
        }

        return writer.Length == 0 ? [] : kept[..writer.Length].ToArray();
    }

    /// <summary>As the API has them: {"0x1400": "0a0b"}. Of a tag that came twice the last.</summary>
    public static Dictionary<string, string> Shown(ReadOnlySpan<byte> tlvs)
    {
        var found = new Dictionary<string, string>();
        foreach (var tlv in new Tlvs(tlvs))
        {
            found[string.Create(CultureInfo.InvariantCulture, $"0x{tlv.Tag:X4}")] = Convert.ToHexStringLower(tlv.Value);
        }

        return found;
    }

    /// <summary>The same from hexadecimal digits; null when there are none.</summary>
    public static Dictionary<string, string>? Shown(string? hex) => hex is null ? null : Shown(Convert.FromHexString(hex));

    // What is read of receipts and of texts in parts.
    private static bool IsRead(ushort tag) => tag is TlvTag.MessagePayload or TlvTag.SarMessageReference or TlvTag.SarTotalSegments or TlvTag.SarSegmentNumber
        or TlvTag.ReceiptedMessageId or TlvTag.MessageState;
}

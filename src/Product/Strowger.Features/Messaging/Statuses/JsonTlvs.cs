using System.Text.Json;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>A carrier's own TLVs in JSON: <c>"tlvs": {"0x1400": "0a0b"}</c>, left out when there are none.</summary>
public static class JsonTlvs
{
    /// <param name="writer">In an object.</param>
    /// <param name="hex">As on the wire, in hexadecimal digits; null when there are none.</param>
    public static void Write(Utf8JsonWriter writer, string? hex)
    {
        if (hex is not null)
        {
            Write(writer, Convert.FromHexString(hex));
        }
    }

    /// <param name="writer">In an object.</param>
    /// <param name="tlvs">As on the wire; may be empty.</param>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> tlvs)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (tlvs.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("tlvs"u8);
        foreach (var (tag, value) in KeptTlvs.Shown(tlvs))
        {
            writer.WriteString(tag, value);
        }

        writer.WriteEndObject();
    }
}

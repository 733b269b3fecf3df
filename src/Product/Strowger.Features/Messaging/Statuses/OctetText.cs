using Strowger.Smpp;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>What people read in octets that a program handed in: the text of a part it divided itself.</summary>
/// <param name="Reads">Without its header; null when the octets are no text.</param>
/// <param name="Part">From 1; 0 when it is not a part.</param>
/// <param name="Parts">Of the whole text; 0 when it is not a part.</param>
internal readonly record struct OctetText(string? Reads, int Part, int Parts)
{
    private const byte Udhi = 0x40;

    public static OctetText Of(in MessageBodyReader message)
    {
        if (!message.IsData || message.Content.IsEmpty)
        {
            return default;
        }

        var decoded = MessageDecoder.Decode(message.Content, message.Plan.DataCoding, (message.EsmClass & Udhi) != 0, DecodeOptions.Default);
        var reads = decoded.Replaced ? null : decoded.Text;
        return decoded.Header.IsPart ? new OctetText(reads, decoded.Header.Part, decoded.Header.Parts)
            : new Tlvs(message.Tlvs).TryGetSar(out _, out var parts, out var part) ? new OctetText(reads, part, parts)
            : new OctetText(reads, 0, 0);
    }
}

namespace Strowger.Features.Messaging.Inbound;

/// <summary>A text longer than an event may be (SMPP's message_payload has up to 64 KiB) goes into the log in parts, and is joined like one that came in parts.</summary>
internal static class InboundPieces
{
    /// <summary>References on the air have 16 bits: ours are beside them.</summary>
    private const int ReferenceBase = 0x10000;

    public static bool IsTooLong(InboundText text) =>
        text.Text?.Length > InboundLimits.MaxEventChars || text.DataHex?.Length > InboundLimits.MaxEventDigits;

    /// <param name="text">Too long for one event.</param>
    /// <param name="count">Counts the texts split on this bind.</param>
    public static List<InboundText> Split(InboundText text, int count)
    {
        var rest = (text.Text ?? text.DataHex).AsSpan();
        var pieces = new List<string>();
        while (!rest.IsEmpty)
        {
            var length = Math.Min(rest.Length, text.Text is null ? InboundLimits.MaxEventDigits : InboundLimits.MaxEventChars);
            if (length < rest.Length && char.IsHighSurrogate(rest[length - 1]))
            {
                length--;
            }

            pieces.Add(rest[..length].ToString());
            rest = rest[length..];
        }

        return
        [
            .. pieces.Select((piece, index) => text with
            {
                Text = text.Text is null ? null : piece,
                DataHex = text.Text is null ? piece : null,
                Parts = pieces.Count,
                Part = index + 1,
                Tlvs = index == 0 ? text.Tlvs : null,
                Reference = ReferenceBase | (count & 0xFFFF),
            }),
        ];
    }
}

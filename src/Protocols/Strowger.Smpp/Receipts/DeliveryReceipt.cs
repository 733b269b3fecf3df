using System.Buffers.Binary;

namespace Strowger.Smpp.Receipts;

/// <summary>
/// A delivery receipt as carriers send it: the text of SMPP 3.4 appendix B in all the shapes it is met in, the TLVs receipted_message_id, message_state and network_error_code, or both.
/// A view of the PDU's octets; nothing is allocated.
/// </summary>
public readonly ref struct DeliveryReceipt
{
    /// <summary>The carrier's id of the message: receipted_message_id if it is there, else the text's; empty when neither is.</summary>
    public ReadOnlySpan<byte> MessageId { get; private init; }

    /// <summary>The text's id where it is not the TLV's, octet for octet (one is hex, the other decimal at some carriers); else empty. Try it after <see cref="MessageId"/>.</summary>
    public ReadOnlySpan<byte> OtherMessageId { get; private init; }

    /// <summary>The state: message_state if it is there and known, else the text's.</summary>
    public ReceiptState State { get; private init; }

    /// <summary>The text's word for the state, as sent.</summary>
    public ReadOnlySpan<byte> StateWord { get; private init; }

    /// <summary>The carrier's error: any characters, nearly always digits; empty when missing. All zeros means none.</summary>
    public ReadOnlySpan<byte> Error { get; private init; }

    /// <summary>network_error_code: type of network (1 ANSI-136, 2 IS-95, 3 GSM); -1 when missing.</summary>
    public int NetworkType { get; private init; }

    /// <summary>network_error_code: the network's code; -1 when missing.</summary>
    public int NetworkError { get; private init; }

    /// <summary>When the message was submitted, in whatever zone the carrier uses; null when missing, zero or not a date.</summary>
    public DateTime? SubmitDate { get; private init; }

    /// <summary>When it reached its state; see <see cref="SubmitDate"/>.</summary>
    public DateTime? DoneDate { get; private init; }

    /// <summary>Messages submitted; -1 when missing.</summary>
    public int Submitted { get; private init; }

    /// <summary>Messages delivered; -1 when missing.</summary>
    public int Delivered { get; private init; }

    /// <summary>All after text:, the first characters of the message and whatever the carrier puts after them.</summary>
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>True: an intermediate notification (esm_class 0x20), more will come.</summary>
    public bool Intermediate { get; private init; }

    /// <summary>Reads a deliver_sm or data_sm. False when it is an ordinary text, or a receipt with neither an id nor a state.</summary>
    /// <param name="esmClass">The PDU's esm_class.</param>
    /// <param name="shortMessage">short_message or message_payload, read as ASCII.</param>
    /// <param name="receiptedMessageId">TLV 0x001E, its NUL included or not; empty when missing.</param>
    /// <param name="messageState">TLV 0x0427.</param>
    /// <param name="networkErrorCode">TLV 0x0423, three octets; empty when missing.</param>
    /// <param name="receipt">What was read.</param>
    public static bool TryParse(
        byte esmClass,
        ReadOnlySpan<byte> shortMessage,
        ReadOnlySpan<byte> receiptedMessageId,
        byte? messageState,
        ReadOnlySpan<byte> networkErrorCode,
        out DeliveryReceipt receipt)
    {
        receipt = default;
        var tlvId = TrimNul(receiptedMessageId);

        // SMPP 3.4, 5.2.12: bits 2 to 5 are the type. Some carriers leave them 0 and send only the TLVs; an ordinary text has no receipted_message_id.
        var type = esmClass & 0x3C;
        var isReceipt = type is 0x04 or 0x08 or 0x20;
        if (!isReceipt && (tlvId.IsEmpty || messageState is null))
        {
            return false;
        }

        var text = (esmClass & 0x40) != 0 ? shortMessage[Strowger.Smpp.Text.Udh.Parse(shortMessage).Length..] : shortMessage;
        var fields = ReceiptText.Parse(text);
        var id = tlvId.IsEmpty ? fields.Id : tlvId;
        var state = messageState <= 9 ? (ReceiptState)messageState.Value : ReceiptStates.Parse(fields.Stat);
        if (id.IsEmpty && state == ReceiptState.Unrecognised)
        {
            return false;
        }

        var network = networkErrorCode.Length == 3;
        receipt = new DeliveryReceipt
        {
            MessageId = id,
            OtherMessageId = tlvId.IsEmpty || fields.Id.SequenceEqual(tlvId) ? default : fields.Id,
            State = state,
            StateWord = fields.Stat,
            Error = fields.Err,
            NetworkType = network ? networkErrorCode[0] : -1,
            NetworkError = network ? BinaryPrimitives.ReadUInt16BigEndian(networkErrorCode[1..]) : -1,
            SubmitDate = ReceiptText.Date(fields.SubmitDate),
            DoneDate = ReceiptText.Date(fields.DoneDate),
            Submitted = ReceiptText.Number(fields.Sub),
            Delivered = ReceiptText.Number(fields.Dlvrd),
            Text = fields.Text,
            Intermediate = type == 0x20,
        };
        return true;
    }

    private static ReadOnlySpan<byte> TrimNul(ReadOnlySpan<byte> id)
    {
        var nul = id.IndexOf((byte)0);
        return (nul < 0 ? id : id[..nul]).Trim((byte)' ');
    }
}

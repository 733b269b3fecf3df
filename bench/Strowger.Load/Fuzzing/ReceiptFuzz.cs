using Strowger.Smpp.Receipts;

namespace Strowger.Load.Fuzzing;

/// <summary>Delivery receipts: the first octet is the esm_class, the second the message_state or none, the third the length of the receipted_message_id.</summary>
internal sealed class ReceiptFuzz : FuzzTarget
{
    private readonly byte[] _id = new byte[MessageIdForms.MaxLength];
    private readonly IdFormLearner _learner = new();
    private readonly ulong[] _keys = new ulong[IdFormLearner.MaxKeys];
    private long _sink;

    public override string Name => "delivery receipts";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        [4, 255, 0, .. "id:1234567890 sub:001 dlvrd:001 submit date:2611201840 done date:2611201841 stat:DELIVRD err:000 text:Hello"u8],
        [4, 2, 8, .. "00ab12cdid:0000012345 sub:001 dlvrd:001 submitdate:261120184023 donedate:261120184123 stat:delivrd err:0A1 Text:"u8],
        [4, 5, 4, .. "1a2b"u8],
        [0, 2, 6, .. "ABCDEFother text"u8],
        [0x44, 255, 0, 5, 0, 3, 1, 2, 1, .. "id:9f stat:UNDELIV err:069"u8],
        [0x20, 255, 0, .. "id:1 stat:ENROUTE"u8],
        [8, 255, 0, .. "stat:EXPIRED id:18446744073709551616"u8],
        [4, 255, 0, .. "id:3f2504e0-4f89-11d3-9a0c-0305e82c3301 stat:REJECTD err:"u8],
    ];

    public override void Read(ReadOnlySpan<byte> input)
    {
        if (input.Length < 3)
        {
            return;
        }

        var (state, length) = (input[1], Math.Min(input[2], input.Length - 3));
        var tlvId = input.Slice(3, length);
        var text = input[(3 + length)..];
        if (!DeliveryReceipt.TryParse(input[0], text, tlvId, state == 255 ? null : state, text.Length >= 3 ? text[..3] : default, out var receipt))
        {
            return;
        }

        Require(!receipt.MessageId.IsEmpty || receipt.State != ReceiptState.Unrecognised, "a receipt has an id or a state");
        _sink += receipt.Text.Length + receipt.Error.Length + receipt.Submitted + receipt.Delivered + (receipt.SubmitDate?.Ticks ?? 0);
        var id = receipt.MessageId;
        for (var form = 0; form < MessageIdForms.Count; form++)
        {
            if (MessageIdForms.TryWrite((IdForm)form, id, _id, out var written))
            {
                Require(written is >= 0 and <= MessageIdForms.MaxLength, "an id has its greatest length");
            }

            MessageIdForms.TryKey((IdForm)form, id, out _);
        }

        Require(_learner.Keys(id, _keys) <= IdFormLearner.MaxKeys, "an id has few keys");
        if (MessageIdForms.Relate(id, receipt.OtherMessageId) is { } hit)
        {
            _learner.Record(hit);
        }
    }
}

using System.Buffers.Binary;
using Strowger.Smpp;

namespace Strowger.Load.Fuzzing;

/// <summary>Streams of PDUs: cut, decoded by their id, every TLV walked; a submit_sm that is taken is encoded again and must say the same.</summary>
internal sealed class SmppFuzz : FuzzTarget
{
    private const int MaxPduBytes = 65_536;
    private readonly byte[] _encoded = new byte[MaxPduBytes + 1024];
    private long _sink;

    public override string Name => "SMPP codec";

    public override IReadOnlyList<byte[]> Seeds { get; } = SmppSeeds.All();

    public override int Finish(byte[] buffer, int length, Random random)
    {
        // Most inputs say their true length: otherwise few would get past the header.
        if (length >= SmppLimits.HeaderBytes && random.Next(16) != 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(buffer, length);
        }

        return length;
    }

    public override void Read(ReadOnlySpan<byte> input)
    {
        var rest = input;
        while (Pdu.Read(rest, MaxPduBytes, out var pdu, out var fault) is var result && result == PduResult.Done)
        {
            Require(pdu.Bytes.Length >= SmppLimits.HeaderBytes && fault.IsNone, "a whole PDU has no fault");
            Decode(pdu);
            rest = rest[pdu.Bytes.Length..];
        }
    }

    private void Decode(in Pdu pdu)
    {
        var id = pdu.Header.CommandId;
        var body = pdu.Body;
        switch (id)
        {
            case CommandId.SubmitSm:
                if (SubmitSm.TryDecode(body, out var submit, out _))
                {
                    Walk(submit.Tlvs);
                    Recode(submit);
                }

                break;
            case CommandId.SubmitSmResp:
                SubmitSmResp.TryDecode(body, out var response, out _);
                Walk(response.Tlvs);
                break;
            case CommandId.DeliverSm:
                DeliverSm.TryDecode(body, out var deliver, out _);
                Walk(deliver.Tlvs);
                _sink += deliver.UserData.Length;
                break;
            case CommandId.DataSm:
                DataSm.TryDecode(body, out var data, out _);
                Walk(data.Tlvs);
                break;
            case CommandId.DataSmResp:
                DataSmResp.TryDecode(body, out _, out _);
                break;
            case CommandId.SubmitMulti:
                DecodeMulti(body);
                break;
            case CommandId.SubmitMultiResp:
                SubmitMultiResp.TryDecode(body, out var multi, out _);
                foreach (var failed in multi)
                {
                    _sink += failed.Address.Length;
                }

                break;
            case CommandId.BindReceiver or CommandId.BindTransmitter or CommandId.BindTransceiver:
                BindRequest.TryDecode(id, body, out _, out _);
                break;
            case CommandId.BindReceiverResp or CommandId.BindTransmitterResp or CommandId.BindTransceiverResp:
                BindResp.TryDecode(body, out var bound, out _);
                Walk(bound.Tlvs);
                break;
            case CommandId.QuerySm:
                QuerySm.TryDecode(body, out _, out _);
                break;
            case CommandId.QuerySmResp:
                QuerySmResp.TryDecode(body, out _, out _);
                break;
            case CommandId.CancelSm:
                CancelSm.TryDecode(body, out _, out _);
                break;
            case CommandId.ReplaceSm:
                ReplaceSm.TryDecode(body, out _, out _);
                break;
            case CommandId.Outbind:
                Outbind.TryDecode(body, out _, out _);
                break;
            case CommandId.AlertNotification:
                AlertNotification.TryDecode(body, out var alert, out _);
                Walk(alert.Tlvs);
                break;
        }
    }

    private void DecodeMulti(ReadOnlySpan<byte> body)
    {
        SubmitMulti.TryDecode(body, out var multi, out _);
        foreach (var destination in multi.Destinations)
        {
            Require(destination.Address.Length < SmppLimits.AddressBytes, "an address has its greatest length");
        }

        Walk(multi.Tlvs);
    }

    private void Recode(in SubmitSm submit)
    {
        if (!submit.Check().IsNone)
        {
            return;
        }

        var length = submit.Encode(_encoded, 1);
        Require(length > 0 && Pdu.Read(_encoded.AsSpan(0, length), MaxPduBytes + 1024, out var again, out _) == PduResult.Done, "what was decoded is encoded as one PDU");
        Pdu.Read(_encoded.AsSpan(0, length), MaxPduBytes + 1024, out again, out _);
        Require(SubmitSm.TryDecode(again.Body, out var same, out _), "and decoded again");
        Require(same.ShortMessage.SequenceEqual(submit.ShortMessage) && same.Destination.SequenceEqual(submit.Destination) && same.Tlvs.Bytes.SequenceEqual(submit.Tlvs.Bytes), "and says the same");
    }

    private void Walk(Tlvs tlvs)
    {
        foreach (var tlv in tlvs)
        {
            _sink += tlv.Value.Length;
        }

        tlvs.TryGetSar(out _, out _, out _);
        tlvs.TryGetNetworkErrorCode(out _, out _);
        tlvs.TryGetReceiptedMessageId(out _);
        tlvs.TryGet(TlvTag.MessagePayload, out _);
    }
}

using System.Text;

namespace Strowger.Smpp.Tests.Pdus;

/// <summary>One well-formed PDU of every kind, with every field filled.</summary>
internal static class Samples
{
    public static readonly byte[] Tlvs = Convert.FromHexString("001E0003616200" + "04270001" + "02" + "14010002CAFE");

    public static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);

    public static SubmitSm Submit(byte[] text) => new()
    {
        ServiceType = "CMT"u8,
        SourceTon = 5,
        Source = "Strowger"u8,
        DestinationTon = 1,
        DestinationNpi = 1,
        Destination = "46701234567"u8,
        EsmClass = 0x40,
        ProtocolId = 2,
        PriorityFlag = 3,
        ScheduleDeliveryTime = "261120184023000+"u8,
        ValidityPeriod = "000002000000000R"u8,
        RegisteredDelivery = 1,
        ReplaceIfPresent = 1,
        DataCoding = 8,
        DefaultMessageId = 9,
        ShortMessage = text,
        Tlvs = Tlvs.AsSpan(),
    };

    public static DeliverSm Deliver(byte[] text) => new()
    {
        SourceTon = 1,
        SourceNpi = 1,
        Source = "46701234567"u8,
        Destination = "12345"u8,
        EsmClass = 4,
        ShortMessage = text,
        Tlvs = Tlvs.AsSpan(),
    };

    public static Dictionary<string, byte[]> All()
    {
        var all = new Dictionary<string, byte[]>();
        Span<byte> buffer = new byte[4096];
        void Add(string name, Span<byte> from, int length) => all.Add(name, from[..length].ToArray());

        foreach (var mode in new[] { BindMode.Receiver, BindMode.Transmitter, BindMode.Transceiver })
        {
            var bind = new BindRequest
            {
                Mode = mode,
                SystemId = "esme"u8,
                Password = "secret08"u8,
                SystemType = "VMA"u8,
                InterfaceVersion = 0x34,
                AddressTon = 1,
                AddressNpi = 1,
                AddressRange = "^4670"u8,
            };
            Add($"bind_{mode}", buffer, bind.Encode(buffer, 1));
            Add($"bind_{mode}_resp", buffer, new BindResp { SystemId = "smsc"u8, Tlvs = Tlvs.AsSpan() }.Encode(buffer, mode, 0, 1));
        }

        Add("outbind", buffer, new Outbind { SystemId = "smsc"u8, Password = "pw"u8 }.Encode(buffer, 2));
        Add("submit_sm", buffer, Submit(Ascii("Hello")).Encode(buffer, 3));
        Add("submit_sm_resp", buffer, new SubmitSmResp { MessageId = "00af"u8, Tlvs = Tlvs.AsSpan() }.Encode(buffer, 0, 3));
        Add("deliver_sm", buffer, Deliver(Ascii("id:1 stat:DELIVRD")).Encode(buffer, 4));
        Add("deliver_sm_resp", buffer, DeliverSmResp.Encode(buffer, 0, 4));
        var data = new DataSm { Source = "1"u8, Destination = "2"u8, EsmClass = 4, RegisteredDelivery = 1, DataCoding = 4, Tlvs = Tlvs.AsSpan() };
        Add("data_sm", buffer, data.Encode(buffer, 5));
        Add("data_sm_resp", buffer, new DataSmResp { MessageId = "9"u8 }.Encode(buffer, 0, 5));
        Add("query_sm", buffer, new QuerySm { MessageId = "abc"u8, Source = "1"u8 }.Encode(buffer, 6));
        var queried = new QuerySmResp { MessageId = "abc"u8, FinalDate = "261120184023000+"u8, MessageState = 2, ErrorCode = 7 };
        Add("query_sm_resp", buffer, queried.Encode(buffer, 0, 6));
        Add("cancel_sm", buffer, new CancelSm { ServiceType = "A"u8, MessageId = "abc"u8, Source = "1"u8, Destination = "2"u8 }.Encode(buffer, 7));
        Add("cancel_sm_resp", buffer, CancelSmResp.Encode(buffer, 0x11, 7));
        var replace = new ReplaceSm { MessageId = "abc"u8, Source = "1"u8, ValidityPeriod = "000002000000000R"u8, ShortMessage = "new"u8 };
        Add("replace_sm", buffer, replace.Encode(buffer, 8));
        Add("replace_sm_resp", buffer, ReplaceSmResp.Encode(buffer, 0, 8));

        Span<byte> destinations = new byte[64];
        int count = new MultiDestination { Ton = 1, Npi = 1, Address = "467011"u8 }.Encode(destinations);
        count += new MultiDestination { IsDistributionList = true, Address = "friends"u8 }.Encode(destinations[count..]);
        var multi = new SubmitMulti
        {
            Source = "Strowger"u8,
            Destinations = new MultiDestinations(2, destinations[..count]),
            ShortMessage = "Hello both"u8,
            Tlvs = Tlvs.AsSpan(),
        };
        Add("submit_multi", buffer, multi.Encode(buffer, 9));
        Span<byte> failed = new byte[64];
        int failedCount = new UnsuccessfulSme { Ton = 1, Npi = 1, Address = "467011"u8, Status = 0x0B }.Encode(failed);
        var multiResp = new SubmitMultiResp { MessageId = "m1"u8, UnsuccessfulCount = 1, Unsuccessful = failed[..failedCount] };
        Add("submit_multi_resp", buffer, multiResp.Encode(buffer, 0, 9));
        var alert = new AlertNotification { Source = "1"u8, Esme = "2"u8, Tlvs = Convert.FromHexString("0422000100").AsSpan() };
        Add("alert_notification", buffer, alert.Encode(buffer, 10));
        Add("enquire_link", buffer, EnquireLink.Encode(buffer, 11));
        Add("enquire_link_resp", buffer, EnquireLinkResp.Encode(buffer, 11));
        Add("unbind", buffer, Unbind.Encode(buffer, 12));
        Add("unbind_resp", buffer, UnbindResp.Encode(buffer, 0, 12));
        Add("generic_nack", buffer, GenericNack.Encode(buffer, 3, 13));
        return all;
    }

    /// <summary>Decodes a PDU by its id and encodes what was decoded. Null when the body is refused.</summary>
    public static byte[]? Recode(in Pdu pdu)
    {
        Span<byte> to = new byte[70_000];
        var h = pdu.Header;
        int n = h.CommandId switch
        {
            CommandId.BindReceiver or CommandId.BindTransmitter or CommandId.BindTransceiver =>
                BindRequest.TryDecode(h.CommandId, pdu.Body, out var m, out _) ? m.Encode(to, h.Sequence) : -1,
            CommandId.BindReceiverResp or CommandId.BindTransmitterResp or CommandId.BindTransceiverResp =>
                BindResp.TryDecode(pdu.Body, out var m, out _) ? m.Encode(to, (BindMode)(h.CommandId & 0xFF), h.Status, h.Sequence) : -1,
            CommandId.Outbind => Outbind.TryDecode(pdu.Body, out var m, out _) ? m.Encode(to, h.Sequence) : -1,
            CommandId.SubmitSm => SubmitSm.TryDecode(pdu.Body, out var m, out _) ? m.Encode(to, h.Sequence) : -1,
            CommandId.SubmitSmResp => SubmitSmResp.TryDecode(pdu.Body, out var m, out _) ? m.Encode(to, h.Status, h.Sequence) : -1,
            CommandId.DeliverSm => DeliverSm.TryDecode(pdu.Body, out var m, out _) && m.Check().IsNone ? m.Encode(to, h.Sequence) : -1,
            CommandId.DeliverSmResp => DeliverSmResp.Encode(to, h.Status, h.Sequence),
            CommandId.DataSm => DataSm.TryDecode(pdu.Body, out var m, out _) && m.Check().IsNone ? m.Encode(to, h.Sequence) : -1,
            CommandId.DataSmResp => DataSmResp.TryDecode(pdu.Body, out var m, out _) ? m.Encode(to, h.Status, h.Sequence) : -1,
            CommandId.QuerySm => QuerySm.TryDecode(pdu.Body, out var m, out _) ? m.Encode(to, h.Sequence) : -1,
            CommandId.QuerySmResp => QuerySmResp.TryDecode(pdu.Body, out var m, out _) ? m.Encode(to, h.Status, h.Sequence) : -1,
            CommandId.CancelSm => CancelSm.TryDecode(pdu.Body, out var m, out _) ? m.Encode(to, h.Sequence) : -1,
            CommandId.ReplaceSm => ReplaceSm.TryDecode(pdu.Body, out var m, out _) && m.Check().IsNone ? m.Encode(to, h.Sequence) : -1,
            CommandId.SubmitMulti => SubmitMulti.TryDecode(pdu.Body, out var m, out _) ? m.Encode(to, h.Sequence) : -1,
            CommandId.SubmitMultiResp => SubmitMultiResp.TryDecode(pdu.Body, out var m, out _) ? m.Encode(to, h.Status, h.Sequence) : -1,
            CommandId.AlertNotification => AlertNotification.TryDecode(pdu.Body, out var m, out _) ? m.Encode(to, h.Sequence) : -1,
            _ => PduHeader.WriteBare(to, h.CommandId, h.Status, h.Sequence),
        };
        return n < 0 ? null : to[..n].ToArray();
    }
}

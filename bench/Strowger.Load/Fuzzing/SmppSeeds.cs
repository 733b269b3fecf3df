using Strowger.Smpp;

namespace Strowger.Load.Fuzzing;

/// <summary>One good PDU of each kind that has a body.</summary>
internal static class SmppSeeds
{
    /// <summary>receipted_message_id, message_state and one nobody knows.</summary>
    private static readonly byte[] _tlvs = Convert.FromHexString("001E0003616200" + "0427000102" + "14010002CAFE" + "020C00020001" + "020E000102" + "020F000101" + "0423000303000A");

    public static byte[][] All()
    {
        var all = new List<byte[]>();
        Span<byte> buffer = new byte[1024];
        foreach (var mode in (BindMode[])[BindMode.Receiver, BindMode.Transmitter, BindMode.Transceiver])
        {
            Add(buffer, new BindRequest { Mode = mode, SystemId = "esme"u8, Password = "secret08"u8, SystemType = "VMA"u8, InterfaceVersion = 0x34, AddressRange = "^4670"u8 }.Encode(buffer, 1));
            Add(buffer, new BindResp { SystemId = "smsc"u8, Tlvs = _tlvs.AsSpan() }.Encode(buffer, mode, 0, 1));
        }

        Add(buffer, Submit("Hello"u8).Encode(buffer, 2));
        Add(buffer, Submit("\x05\x00\x03\x07\x02\x01 a part of a longer text"u8).Encode(buffer, 3));
        Add(buffer, new SubmitSmResp { MessageId = "00af"u8, Tlvs = _tlvs.AsSpan() }.Encode(buffer, 0, 3));
        Add(buffer, new DeliverSm { SourceTon = 1, SourceNpi = 1, Source = "46701234567"u8, Destination = "12345"u8, EsmClass = 4, ShortMessage = "id:1 stat:DELIVRD"u8, Tlvs = _tlvs.AsSpan() }.Encode(buffer, 4));
        Add(buffer, new DataSm { Source = "1"u8, Destination = "2"u8, EsmClass = 4, RegisteredDelivery = 1, DataCoding = 4, Tlvs = _tlvs.AsSpan() }.Encode(buffer, 5));
        Add(buffer, new DataSmResp { MessageId = "9"u8 }.Encode(buffer, 0, 5));
        Add(buffer, new QuerySm { MessageId = "abc"u8, Source = "1"u8 }.Encode(buffer, 6));
        Add(buffer, new QuerySmResp { MessageId = "abc"u8, FinalDate = "261120184023000+"u8, MessageState = 2, ErrorCode = 7 }.Encode(buffer, 0, 6));
        Add(buffer, new CancelSm { MessageId = "abc"u8, Source = "1"u8, Destination = "2"u8 }.Encode(buffer, 7));
        Add(buffer, new ReplaceSm { MessageId = "abc"u8, Source = "1"u8, ValidityPeriod = "000002000000000R"u8, ShortMessage = "new"u8 }.Encode(buffer, 8));
        Add(buffer, new Outbind { SystemId = "smsc"u8, Password = "pw"u8 }.Encode(buffer, 9));
        Add(buffer, new AlertNotification { Source = "1"u8, Esme = "2"u8, Tlvs = _tlvs.AsSpan() }.Encode(buffer, 10));

        Span<byte> part = new byte[64];
        var count = new MultiDestination { Ton = 1, Npi = 1, Address = "467011"u8 }.Encode(part);
        count += new MultiDestination { IsDistributionList = true, Address = "friends"u8 }.Encode(part[count..]);
        Add(buffer, new SubmitMulti { Source = "Strowger"u8, Destinations = new MultiDestinations(2, part[..count]), ShortMessage = "Hello both"u8, Tlvs = _tlvs.AsSpan() }.Encode(buffer, 11));
        count = new UnsuccessfulSme { Ton = 1, Npi = 1, Address = "467011"u8, Status = 0x0B }.Encode(part);
        Add(buffer, new SubmitMultiResp { MessageId = "m1"u8, UnsuccessfulCount = 1, Unsuccessful = part[..count] }.Encode(buffer, 0, 11));
        return [.. all];

        void Add(Span<byte> from, int length) => all.Add(from[..length].ToArray());
    }

    private static SubmitSm Submit(ReadOnlySpan<byte> text) => new()
    {
        ServiceType = "CMT"u8,
        SourceTon = 5,
        Source = "Strowger"u8,
        DestinationTon = 1,
        DestinationNpi = 1,
        Destination = "46701234567"u8,
        ScheduleDeliveryTime = "261120184023000+"u8,
        ValidityPeriod = "000002000000000R"u8,
        RegisteredDelivery = 1,
        ShortMessage = text,
        Tlvs = _tlvs.AsSpan(),
    };
}

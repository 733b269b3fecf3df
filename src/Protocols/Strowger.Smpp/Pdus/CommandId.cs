namespace Strowger.Smpp;

/// <summary>command_id, SMPP 3.4 section 5.1.2.1. A response is its request with the top bit set.</summary>
public static class CommandId
{
    public const uint ResponseBit = 0x80000000;
    public const uint GenericNack = 0x80000000;
    public const uint BindReceiver = 0x00000001;
    public const uint BindTransmitter = 0x00000002;
    public const uint QuerySm = 0x00000003;
    public const uint SubmitSm = 0x00000004;
    public const uint DeliverSm = 0x00000005;
    public const uint Unbind = 0x00000006;
    public const uint ReplaceSm = 0x00000007;
    public const uint CancelSm = 0x00000008;
    public const uint BindTransceiver = 0x00000009;
    public const uint Outbind = 0x0000000B;
    public const uint EnquireLink = 0x00000015;
    public const uint SubmitMulti = 0x00000021;
    public const uint AlertNotification = 0x00000102;
    public const uint DataSm = 0x00000103;

    public const uint BindReceiverResp = BindReceiver | ResponseBit;
    public const uint BindTransmitterResp = BindTransmitter | ResponseBit;
    public const uint QuerySmResp = QuerySm | ResponseBit;
    public const uint SubmitSmResp = SubmitSm | ResponseBit;
    public const uint DeliverSmResp = DeliverSm | ResponseBit;
    public const uint UnbindResp = Unbind | ResponseBit;
    public const uint ReplaceSmResp = ReplaceSm | ResponseBit;
    public const uint CancelSmResp = CancelSm | ResponseBit;
    public const uint BindTransceiverResp = BindTransceiver | ResponseBit;
    public const uint EnquireLinkResp = EnquireLink | ResponseBit;
    public const uint SubmitMultiResp = SubmitMulti | ResponseBit;
    public const uint DataSmResp = DataSm | ResponseBit;

    public static bool IsResponse(uint commandId) => (commandId & ResponseBit) != 0;

    /// <summary>The standard's name, or the number in hex.</summary>
    public static string Name(uint commandId) => commandId switch
    {
        GenericNack => "generic_nack",
        BindReceiver => "bind_receiver",
        BindTransmitter => "bind_transmitter",
        QuerySm => "query_sm",
        SubmitSm => "submit_sm",
        DeliverSm => "deliver_sm",
        Unbind => "unbind",
        ReplaceSm => "replace_sm",
        CancelSm => "cancel_sm",
        BindTransceiver => "bind_transceiver",
        Outbind => "outbind",
        EnquireLink => "enquire_link",
        SubmitMulti => "submit_multi",
        AlertNotification => "alert_notification",
        DataSm => "data_sm",
        BindReceiverResp => "bind_receiver_resp",
        BindTransmitterResp => "bind_transmitter_resp",
        QuerySmResp => "query_sm_resp",
        SubmitSmResp => "submit_sm_resp",
        DeliverSmResp => "deliver_sm_resp",
        UnbindResp => "unbind_resp",
        ReplaceSmResp => "replace_sm_resp",
        CancelSmResp => "cancel_sm_resp",
        BindTransceiverResp => "bind_transceiver_resp",
        EnquireLinkResp => "enquire_link_resp",
        SubmitMultiResp => "submit_multi_resp",
        DataSmResp => "data_sm_resp",
        _ => $"0x{commandId:X8}",
    };
}

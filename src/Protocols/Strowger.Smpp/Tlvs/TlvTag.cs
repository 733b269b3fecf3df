namespace Strowger.Smpp;

/// <summary>Tags of optional parameters, SMPP 3.4 section 5.3.2 (congestion_state and later: 5.0). 0x1400-0x3FFF are vendors' own.</summary>
public static class TlvTag
{
    public const ushort DestinationAddressSubunit = 0x0005;
    public const ushort SourceAddressSubunit = 0x000D;
    public const ushort PayloadType = 0x0019;
    public const ushort AdditionalStatusInfoText = 0x001D;
    public const ushort ReceiptedMessageId = 0x001E;
    public const ushort PrivacyIndicator = 0x0201;
    public const ushort UserMessageReference = 0x0204;
    public const ushort SourcePort = 0x020A;
    public const ushort DestinationPort = 0x020B;
    public const ushort SarMessageReference = 0x020C;
    public const ushort LanguageIndicator = 0x020D;
    public const ushort SarTotalSegments = 0x020E;
    public const ushort SarSegmentNumber = 0x020F;
    public const ushort ScInterfaceVersion = 0x0210;
    public const ushort CallbackNumber = 0x0381;
    public const ushort DpfResult = 0x0420;
    public const ushort SetDpf = 0x0421;
    public const ushort MsAvailabilityStatus = 0x0422;
    public const ushort NetworkErrorCode = 0x0423;
    public const ushort MessagePayload = 0x0424;
    public const ushort DeliveryFailureReason = 0x0425;
    public const ushort MoreMessagesToSend = 0x0426;
    public const ushort MessageState = 0x0427;
    public const ushort CongestionState = 0x0428;
    public const ushort UssdServiceOperation = 0x0501;
    public const ushort BillingIdentification = 0x060B;
    public const ushort SourceNetworkId = 0x060D;
    public const ushort DestinationNetworkId = 0x060E;
    public const ushort SourceNodeId = 0x060F;
    public const ushort DestinationNodeId = 0x0610;
    public const ushort SmsSignal = 0x1203;
    public const ushort AlertOnMessageDelivery = 0x130C;
    public const ushort ItsSessionInfo = 0x1383;
    public const ushort FirstVendor = 0x1400;
    public const ushort LastVendor = 0x3FFF;
}

namespace Strowger.Smpp;

/// <summary>command_status, SMPP 3.4 section 5.1.3, with the four service-type errors of 5.0.</summary>
public static class CommandStatus
{
    public const uint Ok = 0x00;
    public const uint InvalidMessageLength = 0x01;
    public const uint InvalidCommandLength = 0x02;
    public const uint InvalidCommandId = 0x03;
    public const uint InvalidBindStatus = 0x04;
    public const uint AlreadyBound = 0x05;
    public const uint InvalidPriorityFlag = 0x06;
    public const uint InvalidRegisteredDelivery = 0x07;
    public const uint SystemError = 0x08;
    public const uint InvalidSourceAddress = 0x0A;
    public const uint InvalidDestinationAddress = 0x0B;
    public const uint InvalidMessageId = 0x0C;
    public const uint BindFailed = 0x0D;
    public const uint InvalidPassword = 0x0E;
    public const uint InvalidSystemId = 0x0F;
    public const uint CancelFailed = 0x11;
    public const uint ReplaceFailed = 0x13;
    public const uint MessageQueueFull = 0x14;
    public const uint InvalidServiceType = 0x15;
    public const uint InvalidNumberOfDestinations = 0x33;
    public const uint InvalidDistributionList = 0x34;
    public const uint InvalidDestinationFlag = 0x40;
    public const uint InvalidSubmitWithReplace = 0x42;
    public const uint InvalidEsmClass = 0x43;
    public const uint CannotSubmitToDistributionList = 0x44;
    public const uint SubmitFailed = 0x45;
    public const uint InvalidSourceTon = 0x48;
    public const uint InvalidSourceNpi = 0x49;
    public const uint InvalidDestinationTon = 0x50;
    public const uint InvalidDestinationNpi = 0x51;
    public const uint InvalidSystemType = 0x53;
    public const uint InvalidReplaceFlag = 0x54;
    public const uint InvalidNumberOfMessages = 0x55;
    public const uint Throttled = 0x58;
    public const uint InvalidScheduledTime = 0x61;
    public const uint InvalidExpiryTime = 0x62;
    public const uint InvalidDefaultMessageId = 0x63;
    public const uint TemporaryAppError = 0x64;
    public const uint PermanentAppError = 0x65;
    public const uint RejectAppError = 0x66;
    public const uint QueryFailed = 0x67;
    public const uint InvalidTlvStream = 0xC0;
    public const uint TlvNotAllowed = 0xC1;
    public const uint InvalidTlvLength = 0xC2;
    public const uint MissingTlv = 0xC3;
    public const uint InvalidTlvValue = 0xC4;
    public const uint DeliveryFailure = 0xFE;
    public const uint UnknownError = 0xFF;
    public const uint ServiceTypeUnauthorised = 0x100;
    public const uint Prohibited = 0x101;
    public const uint ServiceTypeUnavailable = 0x102;
    public const uint ServiceTypeDenied = 0x103;
    public const uint InvalidDataCoding = 0x104;

    /// <summary>What the sender is to do. Codes that neither 3.4 nor 5.0 defines are <see cref="CommandStatusClass.Vendor"/>.</summary>
    public static CommandStatusClass Classify(uint status) => CommandStatusTable.Find(status).Class;

    /// <summary>The standard's name (ESME_RTHROTTLED); codes without one give <c>0x000004A1</c>.</summary>
    public static string Name(uint status)
    {
        var entry = CommandStatusTable.Find(status);
        return entry.Name.Length > 0 ? entry.Name : $"0x{status:X8}";
    }

    /// <summary>What happened, for a person.</summary>
    public static string Words(uint status) => CommandStatusTable.Find(status).Words;
}

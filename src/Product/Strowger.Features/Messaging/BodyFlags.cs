namespace Strowger.Features.Messaging;

/// <summary>Flags of a message's body; stored, never renumber. Bits 8 and 9 are the priority, 14 and 15 are 0.</summary>
[Flags]
internal enum BodyFlags
{
    None = 0,
    Packed = 1 << 0,
    Reference16 = 1 << 1,
    Reference = 1 << 2,
    Campaign = 1 << 3,
    CallbackUrl = 1 << 4,
    Channel = 1 << 5,
    GeneratedAt = 1 << 6,
    Tlvs = 1 << 7,
    Account = 1 << 10,
    Payload = 1 << 11,
    National = 1 << 12,
    Wire = 1 << 13,
}

/// <summary>Where the priority lies in the flags.</summary>
internal static class BodyFlagBits
{
    public const int PriorityShift = 8;
    public const int Reserved = 0xC000;
}

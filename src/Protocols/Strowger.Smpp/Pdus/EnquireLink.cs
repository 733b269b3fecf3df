namespace Strowger.Smpp;

/// <summary>enquire_link, SMPP 3.4 section 4.11.1: the bare header, in both directions.</summary>
public static class EnquireLink
{
    /// <summary>Returns 16, or 0 when there is no room.</summary>
    public static int Encode(Span<byte> destination, uint sequence) =>
        PduHeader.WriteBare(destination, CommandId.EnquireLink, CommandStatus.Ok, sequence);
}

namespace Strowger.Smpp;

/// <summary>unbind, SMPP 3.4 section 4.2.1: the bare header, in both directions.</summary>
public static class Unbind
{
    /// <summary>Returns 16, or 0 when there is no room.</summary>
    public static int Encode(Span<byte> destination, uint sequence) =>
        PduHeader.WriteBare(destination, CommandId.Unbind, CommandStatus.Ok, sequence);
}

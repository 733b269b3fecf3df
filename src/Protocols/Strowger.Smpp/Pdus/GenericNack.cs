namespace Strowger.Smpp;

/// <summary>generic_nack, SMPP 3.4 section 4.3.1: the bare header; answers what cannot be read as a command.</summary>
public static class GenericNack
{
    /// <summary>Returns 16, or 0 when there is no room.</summary>
    public static int Encode(Span<byte> destination, uint status, uint sequence) =>
        PduHeader.WriteBare(destination, CommandId.GenericNack, status, sequence);
}

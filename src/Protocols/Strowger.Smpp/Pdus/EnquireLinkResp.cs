namespace Strowger.Smpp;

/// <summary>enquire_link_resp, SMPP 3.4 section 4.11.2: the bare header.</summary>
public static class EnquireLinkResp
{
    /// <summary>Returns 16, or 0 when there is no room.</summary>
    public static int Encode(Span<byte> destination, uint sequence) =>
        PduHeader.WriteBare(destination, CommandId.EnquireLinkResp, CommandStatus.Ok, sequence);
}

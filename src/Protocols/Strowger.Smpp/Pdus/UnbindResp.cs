namespace Strowger.Smpp;

/// <summary>unbind_resp, SMPP 3.4 section 4.2.2: the bare header.</summary>
public static class UnbindResp
{
    /// <summary>Returns 16, or 0 when there is no room.</summary>
    public static int Encode(Span<byte> destination, uint status, uint sequence) =>
        PduHeader.WriteBare(destination, CommandId.UnbindResp, status, sequence);
}

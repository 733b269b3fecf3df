namespace Strowger.Smpp;

/// <summary>cancel_sm_resp, SMPP 3.4 section 4.9.2: the bare header.</summary>
public static class CancelSmResp
{
    /// <summary>Returns 16, or 0 when there is no room.</summary>
    public static int Encode(Span<byte> destination, uint status, uint sequence) =>
        PduHeader.WriteBare(destination, CommandId.CancelSmResp, status, sequence);
}

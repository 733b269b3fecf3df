namespace Strowger.Smpp;

/// <summary>Why a request will get no answer, or not in time.</summary>
public enum UnansweredReason
{
    /// <summary>No response within the response timer; one may still come and is then reported as late.</summary>
    Timeout,

    /// <summary>The connection ended with the request on the wire: the peer may or may not have taken it.</summary>
    ConnectionLost,

    /// <summary>The connection ended before the last octet of the request had left: the peer cannot have taken it.</summary>
    NotWritten,
}

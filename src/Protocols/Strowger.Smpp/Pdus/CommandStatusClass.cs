namespace Strowger.Smpp;

/// <summary>What a command_status asks the sender to do.</summary>
public enum CommandStatusClass
{
    /// <summary>Accepted.</summary>
    Ok,

    /// <summary>Over the contracted rate: not an attempt, slow the bucket down.</summary>
    Throttled,

    /// <summary>The carrier's queue is full: not an attempt, narrow the window.</summary>
    QueueFull,

    /// <summary>Retry later, another route allowed.</summary>
    Temporary,

    /// <summary>The bind is broken, the message keeps its place.</summary>
    Session,

    /// <summary>Refused on this route; another route may cure it.</summary>
    RouteFault,

    /// <summary>The message as it stands will never be taken.</summary>
    Permanent,

    /// <summary>The peer finds our PDU malformed.</summary>
    OurBug,

    /// <summary>Failure of query_sm, cancel_sm, replace_sm or submit_multi: for the caller of that operation.</summary>
    Query,

    /// <summary>The carrier's own code (0x400-0x4FF) or one that no standard defines: a per-carrier table decides.</summary>
    Vendor,
}

namespace Strowger.Smpp;

/// <summary>Why a request was not taken for sending.</summary>
public enum SubmitRefusal
{
    /// <summary>It was taken.</summary>
    None,

    /// <summary>No bind, or it is being ended.</summary>
    NotBound,

    /// <summary>As many requests as the window allows are unanswered.</summary>
    WindowFull,

    /// <summary>The peer reads too slowly: the send buffer is full.</summary>
    Congested,

    /// <summary>Paused by <see cref="SmppClient.PauseUntil"/>.</summary>
    Paused,
}

namespace Strowger.SystemTests.Kills;

/// <summary>When a server is killed.</summary>
internal enum Moment
{
    /// <summary>Within 5 ms after a 202 has reached its sender.</summary>
    AfterAnswer,

    /// <summary>When half of a batch has been sent.</summary>
    DuringBatch,

    /// <summary>While parts go out.</summary>
    WhileSending,

    /// <summary>While it opens the journal of the run before.</summary>
    DuringStart,

    /// <summary>After SIGTERM: while it waits for answers or writes its checkpoint.</summary>
    DuringStop,
}

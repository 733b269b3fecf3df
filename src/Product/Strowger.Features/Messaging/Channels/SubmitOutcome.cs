using Strowger.Engine;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.Channels;

/// <summary>What a carrier's command_status means for the part.</summary>
internal static class SubmitOutcome
{
    public static Outcome Of(uint status) => CommandStatus.Classify(status) switch
    {
        CommandStatusClass.Ok => Outcome.Done(),
        CommandStatusClass.Throttled => Outcome.Busy((int)status),
        CommandStatusClass.QueueFull => Outcome.Narrow((int)status),
        CommandStatusClass.Temporary => Outcome.Retry((int)status),
        CommandStatusClass.Session => Outcome.Unreachable((int)status),
        CommandStatusClass.RouteFault => Outcome.RouteFault((int)status),

        // A carrier's own code says nothing to us: most mean "not this one".
        _ => Outcome.Permanent((int)status),
    };
}

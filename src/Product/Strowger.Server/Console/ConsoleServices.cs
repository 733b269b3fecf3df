using Strowger.Features.Access;
using Strowger.Features.Messaging;

namespace Strowger.Server.ConsolePage;

/// <summary>What the console stands on.</summary>
/// <param name="Stopping">The host's <c>ApplicationStopping</c>: open streams end with it, else a stop takes 30 s.</param>
/// <param name="Demo">Null when the server does not run for the demo.</param>
internal sealed record ConsoleServices(
    MessagingService Messaging,
    ConsoleLogins Logins,
    string Version,
    CancellationToken Stopping,
    DemoControls? Demo = null)
{
    public TimeProvider Time => Messaging.Time;
}

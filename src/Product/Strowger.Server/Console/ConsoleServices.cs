using Strowger.Features.Access;
using Strowger.Features.Messaging;
using Strowger.Server.Http;

namespace Strowger.Server.ConsolePage;

/// <summary>What the console stands on: what the HTTP door stands on, and who may sign in.</summary>
internal sealed record ConsoleServices
{
    /// <summary>Its <c>Stopping</c> is the host's <c>ApplicationStopping</c>: open streams end with it, else a stop takes 30 s.</summary>
    public required HttpServices Http { get; init; }

    public required Users Users { get; init; }

    public required string Version { get; init; }

    /// <summary>Null when the server does not run for the demo.</summary>
    public DemoControls? Demo { get; init; }

    /// <summary>How long a plan's simulation, or a reading of lateness, may take.</summary>
    public TimeSpan PlanTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the stream tells now; null before the feed runs.</summary>
    public Func<LiveFrame?> Newest { get; set; } = () => null;

    public ConsoleAssets Assets { get; } = new();

    public MessagingService Messaging => Http.Messaging;

    public ConsoleLogins Logins => Http.Logins;

    public TimeProvider Time => Http.Time;

    public CancellationToken Stopping => Http.Stopping;
}

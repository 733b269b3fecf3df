namespace Strowger.Server.ConsolePage;

/// <summary>What the demo's three buttons do; only a server that runs for the demo has them. Each tells in words what it did.</summary>
internal sealed record DemoControls
{
    /// <summary>Adds <see cref="MoreTexts"/> bulk texts; returns when they are on disk.</summary>
    public required Func<CancellationToken, Task<string>> SendMore { get; init; }

    /// <summary>Makes the carrier hang up and stay away for <see cref="Outage"/>.</summary>
    public required Func<CancellationToken, Task<string>> BreakCarrier { get; init; }

    /// <summary><c>kill -9</c> to this server, after its answer has left; whoever watches it starts it again.</summary>
    public required Action Kill { get; init; }

    public long MoreTexts { get; init; } = 100_000;

    public TimeSpan Outage { get; init; } = TimeSpan.FromSeconds(5);
}

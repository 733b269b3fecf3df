using Strowger.Engine;
using Strowger.Features.Messaging.Limits;

namespace Strowger.Features.Messaging.Channels;

/// <summary>One thing that sends, fed by one stage. Two kinds so far: SMPP binds and the one that discards.</summary>
public abstract class Channel(ChannelSettings settings, Stage stage) : IAsyncDisposable
{
    public ChannelSettings Settings { get; protected set; } = settings;

    public string Name => Settings.Name;

    public Stage Stage { get; } = stage;

    /// <summary>up, partly up, down, paused … with the reason in words.</summary>
    public abstract (string State, string? Reason) State { get; }

    public abstract IReadOnlyList<BindInfo> Binds { get; }

    /// <summary>The carrier's last congestion_state, 0 to 100, and when it came; null when it says none.</summary>
    public virtual (int State, DateTimeOffset At)? Congestion => null;

    public abstract void Start();

    /// <summary>Takes settings that need no new connections; false when it must be stopped and made anew.</summary>
    public abstract bool TryChange(ChannelSettings settings);

    /// <summary>Takes nothing new and waits for answers on the way, at most so long.</summary>
    public abstract Task StopAsync(TimeSpan deadline);

    /// <summary>Stops at once: what is on the way becomes unsure.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    internal static StageOptions OptionsOf(ChannelSettings settings) => new()
    {
        Name = settings.Name,
        Width = settings.Width,
        Rate = settings.Rate,
        Bucket = settings.Bucket,
        Limits = [.. settings.Limits.Select(limit => limit.ToOptions())],
        KeyOf = SenderKey.OfBody,
        WhenUnsure = settings.WhenUnsure,
        BreakerFailures = 0,
        MaxAttempts = 20,
        Backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
    };
}

/// <summary>One connection of a channel, for operators.</summary>
public sealed record BindInfo(int Number, string State, string? Reason, DateTimeOffset? Since, int InFlight, int Window, long Binds)
{
    /// <summary>Parts the carrier took over it since the channel started.</summary>
    public long Taken { get; init; }

    /// <summary>TLS 1.2 or TLS 1.3; null in the clear or while there is no connection.</summary>
    public string? Tls { get; init; }
}

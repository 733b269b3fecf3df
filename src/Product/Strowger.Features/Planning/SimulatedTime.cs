namespace Strowger.Features.Planning;

/// <summary>The clock of a simulation: it stands until it is set on. Its timers never fire; the simulation asks what is due itself.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(Volatile.Read(ref _ticks));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => Idle.Timer;

    /// <summary>Sets it on, never back.</summary>
    public void Set(long ticks) => Volatile.Write(ref _ticks, Math.Max(_ticks, ticks));

    private sealed class Idle : ITimer
    {
        public static readonly Idle Timer = new();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

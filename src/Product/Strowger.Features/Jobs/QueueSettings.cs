using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>How a queue of jobs is drained; null is the default.</summary>
public sealed record QueueSettings
{
    /// <summary>Jobs in hand at once, 0 to 1,000,000; 0 holds everything.</summary>
    public int? Width { get; init; }

    /// <summary>Jobs a second, 0.001 to 10,000,000; null = unlimited.</summary>
    public double? Rate { get; init; }

    /// <summary>Jobs of one flow in hand at once, 1 to 1,000,000; null = no limit.</summary>
    public int? FlowWidth { get; init; }

    /// <summary>Attempts of a job that names none, 1 to 255.</summary>
    public int? MaxAttempts { get; init; }

    internal StageOptions ToStage(string queue) => new()
    {
        Name = QueueName.StageOf(queue),
        Width = Width ?? JobLimits.DefaultWidth,
        Rate = Rate,
        FlowWidth = FlowWidth,
        MaxAttempts = MaxAttempts ?? JobLimits.DefaultMaxAttempts,

        // A width of two is two, whatever the jobs' priority.
        UrgentSlots = 0,
        KeepLeases = true,
        UnsureGrace = JobLimits.RestartGrace,
    };
}

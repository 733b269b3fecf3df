namespace Strowger.Features.Tests.Messaging.Flow;

/// <summary>The system's clock with a wall clock that can be set ahead.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}

using Strowger.Engine.Queues;

namespace Strowger.Engine;

/// <summary>A flow, looked up once by <see cref="JobEngine.Flow"/> and then used for each job. Valid as long as the engine.</summary>
public readonly record struct FlowHandle
{
    internal FlowHandle(Flow flow) => Target = flow;

    internal Flow Target { get; }

    public string Queue => Target.Queue.Name;

    public Lane Lane => Target.Lane;

    /// <summary>Customer, campaign or key: flows of a lane take turns.</summary>
    public string Name => Target.Name;
}

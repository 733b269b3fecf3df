using System.Collections.Concurrent;
using Strowger.Engine;

namespace Strowger.Server.Http.Events;

/// <summary>Names of stages by number, without the engine's lock after the first time. A number keeps its name for ever.</summary>
internal sealed class StageNames(JobEngine engine)
{
    private readonly ConcurrentDictionary<int, string> _names = [];

    public string Of(int stage) => _names.TryGetValue(stage, out var name) ? name : _names.GetOrAdd(stage, engine.StageName(stage));
}

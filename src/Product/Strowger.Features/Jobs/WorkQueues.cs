using System.Collections.Concurrent;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Records.Settings;

namespace Strowger.Features.Jobs;

/// <summary>The queues that others made by naming them. A queue's stage is there as long as the queue, so that leases outlive a restart.</summary>
public sealed class WorkQueues : IDisposable
{
    private const string SettingPrefix = "queue:";

    private readonly JobEngine _engine;
    private readonly SettingsStore _settings;
    private readonly ConcurrentDictionary<string, WorkQueue> _queues = new(StringComparer.Ordinal);
    private readonly Lock _making = new();

    /// <summary>Takes up the queues of before the restart, and what is in hand of them. To be made before orphans are adopted.</summary>
    public WorkQueues(JobEngine engine, SettingsStore settings)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(settings);
        _engine = engine;
        _settings = settings;
        foreach (var queue in engine.GetQueues())
        {
            if (QueueName.IsOurs(queue.Name))
            {
                _queues[queue.Name] = Make(queue.Name);
            }
        }
    }

    public WorkQueue? Find(string name) => _queues.GetValueOrDefault(name);

    /// <summary>The queue of that name, made when there is none.</summary>
    public JobProblem? Open(string name, out WorkQueue queue)
    {
        if (_queues.TryGetValue(name, out queue!))
        {
            return null;
        }

        if (QueueName.Check(name) is { } problem)
        {
            return problem;
        }

        lock (_making)
        {
            if (!_queues.TryGetValue(name, out queue!))
            {
                if (_queues.Count >= JobLimits.MaxQueues)
                {
                    return new JobProblem("too_many_queues", null, $"There are {JobLimits.MaxQueues} queues. Kinds of work that share a worker share a queue, each as a flow.");
                }

                _queues[name] = queue = Make(name);
            }
        }

        return null;
    }

    /// <summary>Changes how a queue is drained, now and after a restart.</summary>
    public void Change(WorkQueue queue, QueueSettings settings, string who)
    {
        ArgumentNullException.ThrowIfNull(queue);
        lock (_making)
        {
            _settings.Values.Set(SettingPrefix + queue.Name, JsonSerializer.Serialize(settings), who);
            queue.Change(settings);
        }
    }

    /// <summary>When nobody waits any more; before the engine.</summary>
    public void Dispose()
    {
        foreach (var queue in _queues.Values)
        {
            queue.Dispose();
        }
    }

    private WorkQueue Make(string name)
    {
        var settings = _settings.Values.Get(SettingPrefix + name) is { } text ? JsonSerializer.Deserialize<QueueSettings>(text) ?? new() : new QueueSettings();
        return new WorkQueue(name, settings, _engine.AddStage(settings.ToStage(name), name), _engine.Time);
    }
}

using System.Text.Json;
using Strowger.Engine;
using Strowger.Records.Settings;

namespace Strowger.Server.Http.Queues;

/// <summary>What was changed of queues while they ran: kept in the settings, put in place at start.</summary>
public sealed class LiveQueues(SettingsStore settings)
{
    private const string Key = "queues";

    private readonly Lock _turn = new();

    /// <summary>To be called before channels start.</summary>
    public void Restore(JobEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        foreach (var (name, change) in Load())
        {
            engine.ChangeQueue(name, change.Bound, change.Paused);
        }
    }

    /// <summary>Keeps a change.</summary>
    /// <param name="name">The queue.</param>
    /// <param name="bound">Null leaves it.</param>
    /// <param name="paused">Null leaves it.</param>
    /// <param name="who">For the audit.</param>
    public void Save(string name, long? bound, bool? paused, string who)
    {
        lock (_turn)
        {
            var all = Load();
            var old = all.GetValueOrDefault(name) ?? new QueueChange(null, null);
            all[name] = new QueueChange(bound ?? old.Bound, paused ?? old.Paused);
            settings.Values.Set(Key, JsonSerializer.Serialize(all), who);
        }
    }

    private Dictionary<string, QueueChange> Load() =>
        settings.Values.Get(Key) is { } text ? JsonSerializer.Deserialize<Dictionary<string, QueueChange>>(text) ?? [] : [];

    private sealed record QueueChange(long? Bound, bool? Paused);
}

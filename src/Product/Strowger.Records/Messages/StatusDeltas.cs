using Strowger.Records.Sqlite;

namespace Strowger.Records.Messages;

/// <summary>Changes of the counts by channel, campaign and status within one transaction.</summary>
internal sealed class StatusDeltas : IDisposable
{
    private readonly Dictionary<Key, int> _deltas = [];
    private readonly SqliteStatement _upsert;

    public StatusDeltas(SqliteDb db) => _upsert = db.Prepare(
        "INSERT INTO counts(channel, campaign, status, messages) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET messages = messages + excluded.messages");

    public void Add(long channel, long campaign, MessageStatus status, int change)
    {
        ref var delta = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_deltas, new Key(channel, campaign, status), out _);
        delta += change;
    }

    public void Flush()
    {
        foreach (var (key, change) in _deltas)
        {
            if (change != 0)
            {
                _upsert.Bind(1, key.Channel);
                _upsert.Bind(2, key.Campaign);
                _upsert.Bind(3, (long)key.Status);
                _upsert.Bind(4, change);
                _upsert.Run();
            }
        }

        _deltas.Clear();
    }

    public void Dispose() => _upsert.Dispose();

    private readonly record struct Key(long Channel, long Campaign, MessageStatus Status);
}

using Strowger.Records.Sqlite;

namespace Strowger.Records.Webhooks;

/// <summary>read/webhooks.db.</summary>
internal static class DeliverySchema
{
    public const string Columns = "id, webhook, host, type, subject, event_id, state, attempts, code, queued_ms, last_ms, next_ms";

    /// <summary>Queued or given up: few beside those delivered.</summary>
    public const string IsOpen = "state <> 2";

    public static readonly Migrations Migrations = new("deliveries of webhooks", Version1);

    private const string Version1 =
        $"""
        CREATE TABLE deliveries(
          id INTEGER PRIMARY KEY,
          webhook TEXT NOT NULL,
          host TEXT NOT NULL,
          type TEXT NOT NULL,
          subject TEXT NOT NULL,
          event_id TEXT NOT NULL,
          state INTEGER NOT NULL,
          attempts INTEGER NOT NULL,
          code INTEGER NOT NULL,
          queued_ms INTEGER NOT NULL,
          last_ms INTEGER NOT NULL,
          next_ms INTEGER NOT NULL) STRICT;
        CREATE INDEX deliveries_open ON deliveries(state, id) WHERE {IsOpen};

        -- cursor: every event before this journal position is in the list.
        CREATE TABLE progress(key INTEGER PRIMARY KEY CHECK(key = 1), cursor INTEGER NOT NULL) STRICT;
        INSERT INTO progress VALUES (1, 0);
        """;
}

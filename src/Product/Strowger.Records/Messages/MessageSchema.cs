using Strowger.Records.Sqlite;

namespace Strowger.Records.Messages;

/// <summary>The layout of a day's file, read/messages-YYYY-MM-DD.db.</summary>
internal static class MessageSchema
{
    public const string Columns =
        "id, to_number, sender, status, channel, campaign, parts, accepted_ms, updated_ms, sent_ms, final_ms, error, reference";

    /// <summary>Sent and delivered are what most messages are; an index over them would cost more than it finds.</summary>
    public const string IndexedStatus = "status NOT IN (5, 6)";

    public static readonly Migrations Migrations = new("message lists", Version1);

    private const string Version1 =
        $"""
        {NameTable.Schema}

        -- sent_ms and final_ms are negative as long as they are not known, so that a row keeps its length.
        CREATE TABLE messages(
          id INTEGER PRIMARY KEY,
          to_number INTEGER NOT NULL,
          sender INTEGER NOT NULL,
          status INTEGER NOT NULL,
          channel INTEGER NOT NULL,
          campaign INTEGER NOT NULL,
          parts INTEGER NOT NULL,
          accepted_ms INTEGER NOT NULL,
          updated_ms INTEGER NOT NULL,
          sent_ms INTEGER NOT NULL,
          final_ms INTEGER NOT NULL,
          error INTEGER NOT NULL,
          reference TEXT) STRICT;
        CREATE INDEX messages_campaign ON messages(campaign) WHERE campaign > 0;
        CREATE INDEX messages_status ON messages(status) WHERE {IndexedStatus};

        CREATE TABLE number_runs(run INTEGER, key INTEGER, id INTEGER, PRIMARY KEY(run, key, id)) STRICT, WITHOUT ROWID;
        CREATE TABLE reference_runs(run INTEGER, key INTEGER, id INTEGER, PRIMARY KEY(run, key, id)) STRICT, WITHOUT ROWID;

        CREATE TABLE counts(
          channel INTEGER NOT NULL,
          campaign INTEGER NOT NULL,
          status INTEGER NOT NULL,
          messages INTEGER NOT NULL,
          PRIMARY KEY(channel, campaign, status)) STRICT, WITHOUT ROWID;

        -- cursor: every event before this journal position is in this file. indexed_to: the runs hold ids up to this one.
        CREATE TABLE progress(key INTEGER PRIMARY KEY CHECK(key = 1), cursor INTEGER NOT NULL, indexed_to INTEGER NOT NULL, runs INTEGER NOT NULL) STRICT;
        INSERT INTO progress VALUES (1, 0, 0, 0);
        """;
}

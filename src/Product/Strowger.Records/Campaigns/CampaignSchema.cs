using Strowger.Records.Sqlite;

namespace Strowger.Records.Campaigns;

/// <summary>The steps of campaigns.db. A step that was released is never changed; a new one is added. Times are Unix milliseconds.</summary>
internal static class CampaignSchema
{
    public static readonly Migrations Migrations = new("campaigns", Version1);

    private const string Version1 =
        """
        CREATE TABLE campaigns(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL,
          sender TEXT NOT NULL,
          text TEXT NOT NULL,
          channel TEXT,
          rate REAL,
          hours TEXT,                         -- start minute, end minute, zone
          columns TEXT NOT NULL,              -- separated by U+001F
          delimiter TEXT NOT NULL,
          prefixes TEXT NOT NULL,             -- separated by a blank
          rows INTEGER NOT NULL,
          bad_rows INTEGER NOT NULL,
          parts INTEGER NOT NULL,
          file_bytes INTEGER NOT NULL,
          created_ms INTEGER NOT NULL,
          created_by TEXT NOT NULL,
          state INTEGER NOT NULL,
          ended_ms INTEGER,
          request_key BLOB,                   -- of an Idempotency-Key
          request_content BLOB) STRICT;

        CREATE UNIQUE INDEX campaigns_key ON campaigns(request_key) WHERE request_key IS NOT NULL;

        CREATE TABLE passes(
          campaign INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
          number INTEGER NOT NULL,
          zone TEXT NOT NULL,
          prefix TEXT NOT NULL,
          rows INTEGER NOT NULL,
          parts INTEGER NOT NULL,
          row INTEGER NOT NULL,
          offset INTEGER NOT NULL,
          line INTEGER NOT NULL,
          taken INTEGER NOT NULL,
          done INTEGER NOT NULL,
          PRIMARY KEY(campaign, number)) STRICT, WITHOUT ROWID;

        CREATE TABLE refused(
          campaign INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
          line INTEGER NOT NULL,
          code TEXT NOT NULL,
          detail TEXT NOT NULL,
          PRIMARY KEY(campaign, line)) STRICT, WITHOUT ROWID;

        -- Journal position before which all texts of all cursors are counted.
        CREATE TABLE journal(position INTEGER NOT NULL) STRICT;
        INSERT INTO journal VALUES (0);
        """;
}

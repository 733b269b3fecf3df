using Strowger.Records.Sqlite;

namespace Strowger.Records.Settings;

/// <summary>The steps of settings.db. A step that was released is never changed; a new one is added. Times are Unix milliseconds.</summary>
internal static class SettingsSchema
{
    public static readonly Migrations Migrations = new("settings", Version1, People, Notifications, KeySigning, SmppClients);

    private const string Version1 =
        """
        CREATE TABLE keys(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          name TEXT NOT NULL UNIQUE,
          hash BLOB NOT NULL UNIQUE,          -- SHA-256 of the secret: 256 random bits need no slow hash
          prefix TEXT NOT NULL,               -- the secret's first characters, to recognise it by
          rights TEXT NOT NULL,               -- separated by one space
          rate REAL,                          -- requests a second
          expires_ms INTEGER,
          created_ms INTEGER NOT NULL,
          last_used_ms INTEGER) STRICT;

        CREATE TABLE channels(
          name TEXT PRIMARY KEY,
          kind TEXT NOT NULL,
          settings TEXT NOT NULL,             -- JSON object
          source TEXT NOT NULL CHECK(source IN ('file', 'live')),
          position INTEGER NOT NULL,
          removed INTEGER NOT NULL DEFAULT 0  -- removed live while the file still names it
          ) STRICT, WITHOUT ROWID;

        CREATE TABLE routes(
          name TEXT PRIMARY KEY,
          kind TEXT NOT NULL,
          settings TEXT NOT NULL,
          source TEXT NOT NULL CHECK(source IN ('file', 'live')),
          position INTEGER NOT NULL,
          removed INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

        CREATE TABLE audit(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          time_ms INTEGER NOT NULL,
          who TEXT NOT NULL,
          action TEXT NOT NULL,
          subject TEXT NOT NULL,
          before TEXT,
          after TEXT) STRICT;

        CREATE TABLE settings(
          key TEXT PRIMARY KEY,
          value TEXT NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE login_tokens(
          hash BLOB PRIMARY KEY,
          who TEXT NOT NULL,
          created_ms INTEGER NOT NULL,
          expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE sessions(
          hash BLOB PRIMARY KEY,
          who TEXT NOT NULL,
          created_ms INTEGER NOT NULL,
          expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    /// <summary>People who use the console: users, their sessions' roles, and links that show one thing to others.</summary>
    private const string People =
        """
        CREATE TABLE users(
          name TEXT PRIMARY KEY,
          role TEXT NOT NULL,
          password TEXT,                      -- algorithm, iterations, salt, hash; NULL: cannot sign in by password
          totp BLOB,                          -- shared secret of RFC 6238; NULL: not asked for
          totp_step INTEGER NOT NULL DEFAULT 0,  -- last time step used: a code is good once
          is_off INTEGER NOT NULL DEFAULT 0,
          created_ms INTEGER NOT NULL,
          last_login_ms INTEGER) STRICT, WITHOUT ROWID;

        ALTER TABLE sessions ADD COLUMN role TEXT;  -- of one that began with a link; NULL: the user's own
        ALTER TABLE sessions ADD COLUMN seen_ms INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE shares(
          hash BLOB PRIMARY KEY,
          subject TEXT NOT NULL,
          who TEXT NOT NULL,
          created_ms INTEGER NOT NULL,
          expires_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    /// <summary>Who is told of events, and what a human must do something about.</summary>
    private const string Notifications =
        """
        CREATE TABLE webhooks(
          id TEXT PRIMARY KEY,
          url TEXT NOT NULL,
          types TEXT NOT NULL,                -- separated by one space
          description TEXT NOT NULL,
          enabled INTEGER NOT NULL,
          secret TEXT NOT NULL,               -- in the clear: each post is signed with it
          old_secret TEXT,
          old_until_ms INTEGER,
          created_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE alarms(
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          rule TEXT NOT NULL,
          subject TEXT NOT NULL,
          state TEXT NOT NULL CHECK(state IN ('raised', 'acknowledged', 'cleared')),
          detail TEXT NOT NULL,
          raised_ms INTEGER NOT NULL,
          acknowledged_ms INTEGER,
          acknowledged_by TEXT,
          note TEXT,
          cleared_ms INTEGER,
          times INTEGER NOT NULL,
          notice_ms INTEGER,                  -- when it has to be told next
          notices INTEGER NOT NULL) STRICT;
        CREATE UNIQUE INDEX alarms_open ON alarms(rule, subject) WHERE state <> 'cleared';
        CREATE INDEX alarms_due ON alarms(notice_ms) WHERE notice_ms IS NOT NULL;
        """;

    /// <summary>What signs posts to the callbacks of a key's texts.</summary>
    private const string KeySigning =
        """
        ALTER TABLE keys ADD COLUMN signing_secret TEXT;  -- in the clear: each post is signed with it; NULL: the server's signs
        ALTER TABLE keys ADD COLUMN old_signing_secret TEXT;
        ALTER TABLE keys ADD COLUMN old_signing_until_ms INTEGER;
        """;

    /// <summary>Programs and gateways that bind to us.</summary>
    private const string SmppClients =
        """
        CREATE TABLE smpp_clients(
          name TEXT PRIMARY KEY,              -- SystemId
          kind TEXT NOT NULL,                 -- empty
          settings TEXT NOT NULL,             -- JSON object; a password only as its hash
          source TEXT NOT NULL CHECK(source IN ('file', 'live')),
          position INTEGER NOT NULL,
          removed INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
        """;
}

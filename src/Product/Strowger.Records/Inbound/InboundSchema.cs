using Strowger.Records.Sqlite;

namespace Strowger.Records.Inbound;

/// <summary>read/inbound.db.</summary>
internal static class InboundSchema
{
    public const string Columns =
        "position, received_ms, channel, sender, recipient, text, data_hex, data_coding, parts, part, reference, tlvs";

    /// <summary>Numbers come with and without '+'; they are found either way.</summary>
    public const string Sender = "ltrim(sender, '+')";

    public const string Recipient = "ltrim(recipient, '+')";

    public const string IsOpen = "part > 0 AND parts > 1";

    public static readonly Migrations Migrations = new("texts received", Version1, Version2);

    private const string Version1 =
        $"""
        -- position: of the event in the journal; of a text joined from parts: of the part that came last. part: 0 is joined.
        CREATE TABLE texts(
          position INTEGER PRIMARY KEY,
          received_ms INTEGER NOT NULL,
          channel TEXT NOT NULL,
          sender TEXT NOT NULL,
          recipient TEXT NOT NULL,
          text TEXT,
          data_hex TEXT,
          data_coding INTEGER NOT NULL,
          parts INTEGER NOT NULL,
          part INTEGER NOT NULL,
          reference INTEGER NOT NULL) STRICT;
        CREATE INDEX texts_sender ON texts({Sender});
        CREATE INDEX texts_recipient ON texts({Recipient});
        CREATE INDEX texts_open ON texts(received_ms) WHERE {IsOpen};

        -- cursor: every event before this journal position is in the list.
        CREATE TABLE progress(key INTEGER PRIMARY KEY CHECK(key = 1), cursor INTEGER NOT NULL) STRICT;
        INSERT INTO progress VALUES (1, 0);
        """;

    // Those of the carrier's own, in hexadecimal digits as on the wire.
    private const string Version2 = "ALTER TABLE texts ADD COLUMN tlvs TEXT";
}

using System.Globalization;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Records.Inbound;

namespace Strowger.Server.Erasure;

/// <summary>
/// Blanks what texts said once they are older than <c>Retention:Texts</c>, in the journal and in the list of texts received. Numbers, times and
/// states stay. Goes on where it was from minute to minute; how far is kept in a file, whose loss costs going over it again.
/// </summary>
/// <param name="engine">Whose texts.</param>
/// <param name="inbound">Texts received.</param>
/// <param name="data">The data directory.</param>
/// <param name="keep">How long a text is kept.</param>
/// <param name="time">The clock.</param>
internal sealed class TextRetention(JobEngine engine, InboundStore inbound, string data, TimeSpan keep, TimeProvider time)
{
    private const string FileName = "texts-blanked.cursor";

    /// <summary>Octets of journal gone over at each call, once a minute: 368 GB a day, far more than a day's texts.</summary>
    private const long Stretch = 256 << 20;

    private readonly string _path = Path.Combine(data, FileName);
    private long _next = -1;
    private long _beforeMs;
    private long _young;

    /// <summary>Goes on for one stretch.</summary>
    /// <returns>Records blanked.</returns>
    /// <exception cref="IOException">The disk does not take it; it is tried again.</exception>
    public long Run()
    {
        _next = _next < 0 ? Load() : _next;
        _beforeMs = (time.GetUtcNow() - keep).ToUnixTimeMilliseconds();
        _young = long.MaxValue;
        using var pin = engine.PinHistory();
        var (next, changed) = HistoryRewrite.Run(engine, _next, Stretch, Rewrite);
        next = Math.Min(next, _young);
        if (next != _next)
        {
            Save(next);
        }

        inbound.Blank(_beforeMs);
        return changed;
    }

    private bool Rewrite(in EngineEvent item, Span<byte> data)
    {
        if (item.TimeMs >= _beforeMs)
        {
            _young = Math.Min(_young, item.Record);
            return false;
        }

        return item.Kind == EntryKind.Accepted ? BlankSent(item, data)
            : item.Kind == EntryKind.Event && item.Code == MessagingEvents.Inbound && BlankReceived(data);
    }

    /// <summary>What still waits after so long keeps its text, which is needed, until its history goes.</summary>
    private bool BlankSent(in EngineEvent item, Span<byte> data)
    {
        // A text received that went on to a client over SMPP, or a receipt: what was delivered is needed no more.
        if (DeliverMark.IsOne(item.Headers))
        {
            var isDue = data.ContainsAnyExcept((byte)' ') && NumberRewrite.IsOver(engine, item);
            if (isDue)
            {
                data.Fill((byte)' ');
            }

            return isDue;
        }

        // A text received that was posted. What posts say of texts sent has none of their words.
        if (WebhookParts.IsPost(item.Headers))
        {
            return NumberRewrite.IsOver(engine, item) && BlankPost(data);
        }

        if (!MessageMark.IsOfMessage(item.Headers) || !MessageBodyReader.TryRead(data, out var message, out _) || message.Content.IsEmpty || !NumberRewrite.IsOver(engine, item)
            || !data.Overlaps(message.Content, out var at))
        {
            return false;
        }

        var content = data.Slice(at, message.Content.Length);
        var blank = message.IsData ? (byte)0 : (byte)' ';
        if (!content.ContainsAnyExcept(blank))
        {
            return false;
        }

        content.Fill(blank);
        return true;
    }

    /// <summary>Blanks stand where the text stood, so it is the same JSON otherwise.</summary>
    private static bool BlankPost(Span<byte> data)
    {
        var changed = false;
        var reader = new Utf8JsonReader(data);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && (reader.ValueTextEquals("text"u8) || reader.ValueTextEquals("data_hex"u8))
                    && reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueSpan.ContainsAnyExcept((byte)' '))
                {
                    data.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length).Fill((byte)' ');
                    changed = true;
                }
            }
        }
        catch (JsonException)
        {
            // Erased already.
        }

        return changed;
    }

    private static bool BlankReceived(Span<byte> data)
    {
        if (InboundText.Parse(data) is not { } text || (string.IsNullOrEmpty(text.Text) && string.IsNullOrEmpty(text.DataHex)))
        {
            return false;
        }

        // White space after a JSON value means nothing.
        var bytes = (text with { Text = text.Text is null ? null : "", DataHex = text.DataHex is null ? null : "", Tlvs = null }).ToBytes();
        bytes.CopyTo(data);
        data[bytes.Length..].Fill((byte)' ');
        return true;
    }

    private long Load() =>
        File.Exists(_path) && long.TryParse(File.ReadAllText(_path), NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position <= engine.Journal.End ? position : 0;

    private void Save(long position)
    {
        File.WriteAllText(_path + ".tmp", position.ToString(CultureInfo.InvariantCulture));
        File.Move(_path + ".tmp", _path, overwrite: true);
        _next = position;
    }
}

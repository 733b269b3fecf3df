using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Messaging.Statuses;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>Writes what is posted: <c>{type, timestamp, data}</c>, as the Standard Webhooks specification proposes.</summary>
internal sealed class MessageEventJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _writer;

    public MessageEventJson() => _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions
    {
        // It goes to programs as application/json, never into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    });

    /// <summary>A message's new status; valid until the next call.</summary>
    /// <param name="type">Such as <c>message.delivered</c>.</param>
    /// <param name="item">The event that made it so.</param>
    /// <param name="accepted">Its acceptance.</param>
    /// <param name="message">Read from it.</param>
    /// <param name="channel">Over which it went; null when over none.</param>
    public ReadOnlySpan<byte> Write(string type, in EngineEvent item, in EngineEvent accepted, in MessageBodyReader message, string? channel)
    {
        Begin(type, item.TimeMs);
        _writer.WriteString("id"u8, new MessageId(accepted.Job).ToString());
        _writer.WriteString("status"u8, type.AsSpan(type.IndexOf('.', StringComparison.Ordinal) + 1));
        _writer.WriteString("to"u8, message.To.ToString());
        _writer.WriteString("from"u8, message.From.ToString());
        _writer.WriteString("channel"u8, channel);
        _writer.WriteNumber("segments"u8, message.Plan.Parts);
        Optional("reference"u8, message.Reference);
        Optional("campaign"u8, message.Campaign);
        _writer.WriteString("accepted_at"u8, TimeText(accepted.TimeMs));
        WriteError(item);
        return End();
    }

    /// <summary>Any other event, its data written already as an object.</summary>
    public ReadOnlySpan<byte> Write(string type, long timeMs, ReadOnlySpan<byte> data)
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        _writer.WriteString("type"u8, type);
        _writer.WriteString("timestamp"u8, TimeText(timeMs));
        _writer.WritePropertyName("data"u8);
        _writer.WriteRawValue(data, skipInputValidation: true);
        _writer.WriteEndObject();
        _writer.Flush();
        return _buffer.WrittenSpan;
    }

    public void Dispose() => _writer.Dispose();

    private void Begin(string type, long timeMs)
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        _writer.WriteString("type"u8, type);
        _writer.WriteString("timestamp"u8, TimeText(timeMs));
        _writer.WriteStartObject("data"u8);
    }

    private ReadOnlySpan<byte> End()
    {
        _writer.WriteEndObject();
        _writer.WriteEndObject();
        _writer.Flush();
        return _buffer.WrittenSpan;
    }

    private void WriteError(in EngineEvent item)
    {
        if (item.Kind == EntryKind.Event && ReceiptData.TryRead(item.Data, out var receipt))
        {
            _writer.WriteString("carrier_id"u8, Encoding.Latin1.GetString(receipt.Id));
            _writer.WriteString("carrier_state"u8, receipt.State.ToString().ToLowerInvariant());
            if (!receipt.Error.IsEmpty)
            {
                _writer.WriteString("carrier_error"u8, Encoding.Latin1.GetString(receipt.Error));
            }
        }
        else if (item.Kind == EntryKind.Dead)
        {
            var reason = Reasons.Of(item.Code);
            _writer.WriteStartObject("error"u8);
            _writer.WriteNumber("code"u8, reason.Code);
            _writer.WriteString("name"u8, reason.Name);
            _writer.WriteString("detail"u8, reason.Detail);
            _writer.WriteEndObject();
        }
    }

    private void Optional(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            _writer.WriteString(name, value);
        }
    }

    private static string TimeText(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}

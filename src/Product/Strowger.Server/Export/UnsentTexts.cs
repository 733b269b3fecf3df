using System.Globalization;
using System.Text;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Messaging;

namespace Strowger.Server.Export;

/// <summary>
/// Texts that have not left, as requests that <c>POST /v1/messages/batch</c> takes: to send them from another box, or another way.
/// </summary>
/// <param name="engine">Whose texts.</param>
/// <param name="time">For what remains of their time.</param>
/// <param name="withInFlight">Also those handed to a carrier whose answer is not known: they may arrive twice then.</param>
internal sealed class UnsentTexts(JobEngine engine, TimeProvider time, bool withInFlight)
{
    private byte[] _buffer = new byte[4096];
    private JobId _last;

    /// <summary>Left out because a carrier may have them.</summary>
    public long InFlight { get; private set; }

    public IEnumerable<LiveJob> Jobs()
    {
        foreach (var job in LiveJob.All(engine))
        {
            // A text of several parts is one request, whichever of its parts still wait.
            if (job.Parent == _last)
            {
                continue;
            }

            if (job.State is JobState.Leased or JobState.Unsure && !withInFlight)
            {
                InFlight++;
                continue;
            }

            yield return job;
        }
    }

    /// <summary>Writes one request.</summary>
    /// <returns>False when the job is no text, or its time is over.</returns>
    public bool TryWrite(in LiveJob job, Utf8JsonWriter json)
    {
        if (!JobHistory.TryReadAcceptance(engine, job.BodyPosition, ref _buffer, out var accepted) || !accepted.Headers.IsEmpty
            || !MessageBodyReader.TryRead(accepted.Data, out var message, out _))
        {
            return false;
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (accepted.ExpiresMs > 0 && accepted.ExpiresMs <= now)
        {
            return false;
        }

        _last = job.Parent;
        json.WriteStartObject();
        json.WriteString("to"u8, message.To.ToString());
        Text(json, "from"u8, Encoding.UTF8.GetBytes(message.From.ToString()));
        if (message.IsData)
        {
            json.WriteString("data_hex"u8, Convert.ToHexStringLower(message.Content));
        }
        else
        {
            json.WriteString("text"u8, message.Content);
        }

        json.WriteString("priority"u8, PriorityWord(message.Priority));
        if (accepted.DueMs > now)
        {
            json.WriteString("send_at"u8, Time(accepted.DueMs));
        }

        if (accepted.ExpiresMs > 0)
        {
            json.WriteNumber("expires_in"u8, Math.Clamp((accepted.ExpiresMs - now) / 1000, 1, MessageLimits.MaxExpiresInSeconds));
        }

        if (message.GeneratedAtMs is { } generated)
        {
            json.WriteString("generated_at"u8, Time(generated));
        }

        Text(json, "reference"u8, message.Reference);
        Text(json, "campaign"u8, message.Campaign);
        Text(json, "channel"u8, message.Channel);
        Text(json, "callback_url"u8, message.CallbackUrl);
        Tlvs(json, message.Tlvs);
        json.WriteEndObject();
        return true;
    }

    private static void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            json.WriteString(name, value);
        }
    }

    private static void Tlvs(Utf8JsonWriter json, ReadOnlySpan<byte> tlvs)
    {
        if (tlvs.IsEmpty)
        {
            return;
        }

        json.WriteStartObject("tlvs"u8);
        foreach (var tlv in new Smpp.Tlvs(tlvs))
        {
            json.WriteString(string.Create(CultureInfo.InvariantCulture, $"0x{tlv.Tag:X4}"), Convert.ToHexStringLower(tlv.Value));
        }

        json.WriteEndObject();
    }

    private static string PriorityWord(MessagePriority priority) => priority switch
    {
        MessagePriority.Urgent => "urgent",
        MessagePriority.Bulk => "bulk",
        _ => "normal",
    };

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

using System.Text;
using System.Text.Json;
using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>Events about jobs as clients read them: <c>{position, time, type, subject, data}</c>. One thread at a time.</summary>
public sealed class JobEventJson(JobEngine engine, Func<int, string> stageName)
{
    private byte[] _buffer = new byte[4096];

    /// <summary>False, and nothing is written, when the event is about none of our jobs.</summary>
    public bool TryWrite(Utf8JsonWriter writer, in EngineEvent item)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (QueueOf(item) is not { } queue)
        {
            return false;
        }

        writer.WriteStartObject();
        writer.WriteNumber("position"u8, item.Position.Value);
        writer.WriteString("time"u8, TimeText(item.TimeMs));
        writer.WriteString("type"u8, WordOf(item));
        writer.WriteString("subject"u8, JobName.Of(item.Job));
        writer.WriteStartObject("data"u8);
        writer.WriteString("queue"u8, queue);
        WriteData(writer, item);
        writer.WriteEndObject();
        writer.WriteEndObject();
        return true;
    }

    private static void WriteData(Utf8JsonWriter writer, in EngineEvent item)
    {
        if (item.Kind == EntryKind.Accepted)
        {
            if (JobEnvelope.TryRead(item.Headers, out var envelope) && !envelope.Flow.IsEmpty)
            {
                writer.WriteString("flow"u8, envelope.Flow);
            }

            writer.WriteString("priority"u8, item.Lane.ToString().ToLowerInvariant());
        }

        if (item.Attempt > 0)
        {
            writer.WriteNumber("attempt"u8, item.Attempt);
        }

        if (RequeuedFact.TryRead(item, out _, out var later))
        {
            writer.WriteString("as"u8, JobName.Of(later));
        }

        if (item.Kind is EntryKind.Retry or EntryKind.Dead)
        {
            var reason = JobReasons.Of(item.Code, item.Data);
            writer.WriteString("reason"u8, reason.Code);
            writer.WriteString("detail"u8, reason.Detail);
        }

        if (item.DueMs > 0)
        {
            writer.WriteString(item.Kind is EntryKind.Leased or EntryKind.Touched ? "lease_until"u8 : "run_at"u8, TimeText(item.DueMs));
        }
    }

    private static string WordOf(in EngineEvent item) => item.Kind switch
    {
        EntryKind.Accepted => item.DueMs > item.TimeMs ? "job.scheduled" : "job.accepted",
        EntryKind.Leased => "job.leased",
        EntryKind.Touched => "job.touched",
        EntryKind.Done => "job.done",
        EntryKind.Retry => "job.retry",
        EntryKind.Dead => "job.dead",
        EntryKind.Cancelled => "job.cancelled",
        EntryKind.Expired => "job.expired",
        EntryKind.Event => "job.requeued",
        _ => "job.released",
    };

    /// <summary>By the stage that held it; of one that was never handed out by its acceptance.</summary>
    private string? QueueOf(in EngineEvent item)
    {
        if (RequeuedFact.TryRead(item, out var requeued, out _))
        {
            return requeued;
        }

        if (item.Stage > 0)
        {
            return QueueName.OfStage(stageName(item.Stage));
        }

        if (item.Kind == EntryKind.Accepted)
        {
            return JobEnvelope.TryRead(item.Headers, out var given) ? Encoding.UTF8.GetString(given.Queue) : null;
        }

        return item.Kind is EntryKind.Cancelled or EntryKind.Expired
            && JobHistory.TryReadAcceptance(engine, item.Previous, ref _buffer, out var accepted)
            && JobEnvelope.TryRead(accepted.Headers, out var envelope)
            ? Encoding.UTF8.GetString(envelope.Queue)
            : null;
    }

    private static string TimeText(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
}

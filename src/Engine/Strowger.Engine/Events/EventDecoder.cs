using Strowger.Engine.Journaling;

namespace Strowger.Engine.Events;

internal static class EventDecoder
{
    /// <param name="record">Any record.</param>
    /// <param name="found">The job as it was accepted.</param>
    /// <param name="moved">Whether a copy made later counts too.</param>
    public static bool TryAcceptance(RecordView record, out EngineEvent found, bool moved = false)
    {
        found = default;
        if ((record.Type != RecordTypes.Enqueue && !(moved && record.Type == RecordTypes.Moved)) || !EnqueueRecord.TryRead(record.Payload, out var job))
        {
            return false;
        }

        found = new EngineEvent
        {
            Position = EventPosition.Of(record.Position, 0),
            Record = record.Position,
            TimeMs = record.TimeMs,
            Kind = EntryKind.Accepted,
            Job = new JobId(job.FirstId),
            Parts = job.Parts,
            Lane = (Lane)job.Lane,
            DueMs = job.DueMs,
            ExpiresMs = job.ExpiresAt * 1000L,
            MaxAttempts = job.MaxAttempts,
            Data = job.Body,
            Headers = job.Headers,
        };
        return true;
    }

    public static EngineEvent Entry(RecordView record, int index, Entry entry) => new()
    {
        Position = EventPosition.Of(record.Position, index),
        Record = record.Position,
        TimeMs = record.TimeMs,
        Kind = entry.Kind,
        Job = new JobId(entry.Job),
        Parts = entry.Parts,
        Part = entry.Part,
        Attempt = entry.Attempt,
        Code = entry.Code,
        Stage = entry.Stage,
        DueMs = RetryData.OwnBytes(entry.Kind) == RetryData.DueBytes ? RetryData.ReadDue(entry.Data) : 0,
        Previous = entry.Previous,
        Data = entry.Data[Math.Min(entry.Data.Length, RetryData.OwnBytes(entry.Kind))..],
    };
}

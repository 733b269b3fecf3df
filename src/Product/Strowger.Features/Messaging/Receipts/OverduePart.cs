using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Statuses;

namespace Strowger.Features.Messaging.Receipts;

/// <summary>A part that the carrier has and of which no final receipt came.</summary>
/// <param name="Job">The part.</param>
/// <param name="Channel">That handed it over.</param>
/// <param name="CarrierId">The carrier's id; may be empty.</param>
/// <param name="Destination">The number it went to.</param>
/// <param name="From">As in the submit_sm, which query_sm must repeat.</param>
/// <param name="SentMs">Unix milliseconds of the hand-over.</param>
/// <param name="ExpiresMs">End of its validity, 0 = none.</param>
internal sealed record OverduePart(JobId Job, string Channel, byte[] CarrierId, ulong Destination, Sender From, long SentMs, long ExpiresMs)
{
    /// <summary>From the part's history; null when it is not waiting for a receipt.</summary>
    public static OverduePart? Find(JobEngine engine, JobId job)
    {
        if (engine.Find(job).State != JobState.Done)
        {
            return null;
        }

        var fold = default(PartFold);
        OverduePart? part = null;
        var isSms = false;
        JobHistory.Read(engine, job, (in EngineEvent item) =>
        {
            fold.Take(item);
            if (item.Kind == EntryKind.Done && part is null && HandOverData.TryRead(item.Data, out var handed))
            {
                part = new OverduePart(job, engine.StageName(item.Stage), handed.Id.ToArray(), handed.Destination, default, item.TimeMs, 0);
            }
            else if (item.Kind == EntryKind.Accepted && part is not null && MessageBodyReader.TryRead(item.Data, out var message, out _))
            {
                part = part with { From = message.From, ExpiresMs = item.ExpiresMs };
                isSms = true;
            }
        });
        return isSms && !PartStatus.IsFinal(fold.Status) ? part : null;
    }

    public long AgeMs(long nowMs) => nowMs - SentMs;

    /// <summary>Milliseconds since the hand-over or the end of its validity, the later of the two.</summary>
    public long OverdueMs(long nowMs) => nowMs - Math.Max(SentMs, ExpiresMs);
}

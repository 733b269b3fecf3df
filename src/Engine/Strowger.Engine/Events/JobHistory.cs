using Strowger.Engine.Events;

namespace Strowger.Engine;

/// <summary>A job's events, read backwards from the newest: two reads for a job at rest, however long the log.</summary>
public static class JobHistory
{
    /// <summary>Steps back at most: attempts, receipts and resends of one job are far fewer; one that says every ten seconds that it goes on gets through a day.</summary>
    public const int MaxSteps = 10_000;

    /// <summary>Newest first; ends with the acceptance unless that is past its retention. Returns false when nothing is known.</summary>
    public static bool Read(JobEngine engine, JobId id, EventHandling handle)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(handle);
        var info = engine.Find(id);
        var position = info.Position;
        var buffer = new byte[16 * 1024];
        var any = false;
        for (var step = 0; step < MaxSteps && position > 0 && position >= engine.Journal.Begin; step++)
        {
            if (!engine.Journal.TryRead(position, ref buffer, out var record))
            {
                break;
            }

            if (EventDecoder.TryAcceptance(record, out var accepted))
            {
                handle(accepted);
                return true;
            }

            var payload = record.Payload;
            if (!TryEntryOf(ref payload, id, out var index, out var entry))
            {
                break;
            }

            handle(EventDecoder.Entry(record, index, entry));
            any = true;
            position = entry.Previous;
        }

        // What came before is past its retention; a live job's acceptance is kept all the same.
        if (info.BodyPosition > 0 && engine.Journal.TryRead(info.BodyPosition, ref buffer, out var body)
            && EventDecoder.TryAcceptance(body, out var kept, moved: true))
        {
            handle(kept);
            return true;
        }

        return any;
    }

    /// <summary>A job as it was accepted, from the record of its acceptance or of its body. The event is a view of the buffer.</summary>
    /// <param name="engine">Whose log.</param>
    /// <param name="position">As a lease or the first entry about it names it.</param>
    /// <param name="buffer">Grown where needed.</param>
    /// <param name="accepted">The acceptance.</param>
    /// <returns>False when the record is another one, damaged or past its retention.</returns>
    public static bool TryReadAcceptance(JobEngine engine, long position, ref byte[] buffer, out EngineEvent accepted)
    {
        ArgumentNullException.ThrowIfNull(engine);
        accepted = default;
        return position > 0 && engine.Journal.TryRead(position, ref buffer, out var record) && EventDecoder.TryAcceptance(record, out accepted, moved: true);
    }

    private static bool TryEntryOf(ref ReadOnlySpan<byte> payload, JobId id, out int index, out Entry entry)
    {
        for (index = 0; Entry.TryRead(ref payload, out entry); index++)
        {
            if (entry.Job == id.Value)
            {
                return true;
            }
        }

        return false;
    }
}

using Strowger.Engine.Events;
using Strowger.Engine.Journaling;
using Strowger.Engine.Rewriting;

namespace Strowger.Engine;

/// <summary>Changes what the history keeps with an event, in place and without changing its length.</summary>
/// <param name="item">The event as it stands.</param>
/// <param name="data">What is to be written over: its data, of an acceptance the body, or its headers.</param>
/// <returns>Whether anything was changed.</returns>
public delegate bool DataRewrite(in EngineEvent item, Span<byte> data);

/// <summary>
/// Goes over the journal and lets data in it be overwritten, so that it can be forgotten before its segment is past its retention. Whoever
/// decides must leave alone what is still to be done.
/// </summary>
public static class HistoryRewrite
{
    /// <summary>Rewrites the durable records from one position on, about so many octets of them.</summary>
    /// <param name="engine">Whose history. It goes on meanwhile.</param>
    /// <param name="from">A record's position; one already deleted means the first there is.</param>
    /// <param name="octets">After so many it returns, that the caller may let others work.</param>
    /// <param name="rewrite">Decides and overwrites.</param>
    /// <param name="headers">The same for the headers of acceptances; null leaves them.</param>
    /// <returns>Where to go on, the durable end when done; and how many records were changed.</returns>
    /// <exception cref="IOException">The disk does not take it; what was changed before stays changed.</exception>
    public static (long Next, long Changed) Run(JobEngine engine, long from, long octets, DataRewrite rewrite, DataRewrite? headers = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(rewrite);
        var end = engine.Journal.DurableEnd;
        if (from >= end)
        {
            return (end, 0);
        }

        using var overwriter = new RecordOverwriter(engine.Journal);
        var reader = engine.Journal.OpenReader(Math.Max(from, engine.Journal.Begin));
        var began = reader.Position;
        var payload = Array.Empty<byte>();
        var changed = 0L;
        while (reader.Position < end && reader.Position - began < octets && reader.TryRead(out var record) && record.End <= end)
        {
            if (payload.Length < record.Payload.Length)
            {
                payload = new byte[record.Payload.Length];
            }

            var copy = payload.AsSpan(0, record.Payload.Length);
            record.Payload.CopyTo(copy);
            if (record.Type == RecordTypes.Entries ? Entries(record, copy, rewrite) : Acceptance(record, copy, rewrite, headers))
            {
                overwriter.Overwrite(record.Position, record.Type, record.TimeMs, copy);
                changed++;
            }
        }

        return (Math.Min(reader.Position, end), changed);
    }

    private static bool Acceptance(in RecordView record, Span<byte> payload, DataRewrite rewrite, DataRewrite? headers)
    {
        if (!EventDecoder.TryAcceptance(record, out var accepted, moved: true))
        {
            return false;
        }

        var body = payload.Length - accepted.Data.Length;
        var changed = rewrite(accepted, payload[body..]);
        return (headers is not null && !accepted.Headers.IsEmpty && headers(accepted, payload[(body - accepted.Headers.Length)..body])) || changed;
    }

    private static bool Entries(in RecordView record, Span<byte> payload, DataRewrite rewrite)
    {
        var changed = false;
        var rest = record.Payload;
        for (var index = 0; Entry.TryRead(ref rest, out var entry); index++)
        {
            var item = EventDecoder.Entry(record, index, entry);
            var end = record.Payload.Length - rest.Length;
            changed |= item.Data.Length > 0 && rewrite(item, payload[(end - item.Data.Length)..end]);
        }

        return changed;
    }
}

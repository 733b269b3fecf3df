using Strowger.Engine.Events;
using Strowger.Engine.Journaling;

namespace Strowger.Engine;

/// <summary>Called for each event; a delegate of its own because events are views.</summary>
public delegate void EventHandling(in EngineEvent item);

/// <summary>What a position from outside is to this log.</summary>
public enum EventPositionState
{
    Known,

    /// <summary>Past its retention: what followed it may be gone too.</summary>
    Gone,

    /// <summary>Of another log, or made up.</summary>
    Unknown,
}

/// <summary>
/// Reads the event log in order from a cursor, to its present end and again later. One thread at a time.
/// </summary>
public sealed class EventReader
{
    private readonly JobEngine _engine;
    private readonly bool _durableOnly;
    private readonly JournalReader _reader;

    private EventReader(JobEngine engine, long from, bool durableOnly)
    {
        _engine = engine;
        _durableOnly = durableOnly;
        _reader = engine.Journal.OpenReader(Math.Max(from, engine.Journal.Begin));
        Next = Math.Max(from, engine.Journal.Begin);
    }

    /// <summary>Position of the record to be read next: what a projection keeps as its cursor.</summary>
    public long Next { get; private set; }

    /// <summary>Octets of log not read yet: how far behind this reader is.</summary>
    public long Behind => Math.Max(0, _engine.Journal.WrittenEnd - Next);

    /// <param name="engine">Whose log.</param>
    /// <param name="from">A cursor from <see cref="Next"/>, or 0 for everything still there.</param>
    /// <param name="durableOnly">False only for views that may show what a power cut would take back.</param>
    public static EventReader From(JobEngine engine, long from, bool durableOnly = true)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return new EventReader(engine, from, durableOnly);
    }

    /// <summary>Whether a client's position is one of this log's; to be asked before <see cref="After"/>.</summary>
    public static EventPositionState StateOf(JobEngine engine, EventPosition position)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return position.Record < engine.Journal.Begin ? EventPositionState.Gone
            : engine.Journal.HasRecord(position.Record) ? EventPositionState.Known
            : EventPositionState.Unknown;
    }

    /// <summary>Everything after an event that a client has seen.</summary>
    public static EventReader After(JobEngine engine, EventPosition position, EventHandling rest, bool durableOnly = true)
    {
        ArgumentNullException.ThrowIfNull(rest);
        var reader = From(engine, position.Record, durableOnly);
        if (position.Record >= engine.Journal.Begin)
        {
            reader.ReadRecord((in EngineEvent item) =>
            {
                if (item.Position > position)
                {
                    rest(item);
                }
            });
        }

        return reader;
    }

    /// <summary>Reads one record's events; false at the present end.</summary>
    public bool ReadRecord(EventHandling handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        if ((_durableOnly && Next >= _engine.Journal.DurableEnd) || !_reader.TryRead(out var record))
        {
            return false;
        }

        Next = record.End;
        if (EventDecoder.TryAcceptance(record, out var accepted))
        {
            handle(accepted);
        }
        else if (record.Type == RecordTypes.Entries)
        {
            var payload = record.Payload;
            for (var index = 0; Entry.TryRead(ref payload, out var entry); index++)
            {
                handle(EventDecoder.Entry(record, index, entry));
            }
        }

        return true;
    }
}

namespace Strowger.Engine.Journaling;

/// <summary>
/// Reads a journal's records in order, up to what has been handed to the kernel. At the end it says so and may be asked again
/// later. Damage is reported as an incident and skipped. One thread at a time.
/// </summary>
public sealed class JournalReader
{
    private readonly Journal _journal;
    private readonly RecordCursor _cursor;

    internal JournalReader(Journal journal, RecordCursor cursor)
    {
        _journal = journal;
        _cursor = cursor;
    }

    /// <summary>Where the next record is looked for. It jumps to <see cref="Journal.Begin"/> when what comes next has been deleted.</summary>
    public long Position => _cursor.Position;

    /// <summary>Damaged bytes skipped so far.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>The next record, valid until the next call. False at <see cref="Journal.WrittenEnd"/>.</summary>
    public bool TryRead(out RecordView record)
    {
        while (true)
        {
            switch (_cursor.Next(_journal.WrittenEnd, out record))
            {
                case CursorStep.Record:
                    return true;
                case CursorStep.Damage:
                    SkippedBytes += _cursor.Position - _cursor.DamageBegin;
                    _journal.ReportDamage(_cursor.DamageBegin, _cursor.Position);
                    break;
                default:
                    return false;
            }
        }
    }
}

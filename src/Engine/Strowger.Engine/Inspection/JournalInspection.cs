using Strowger.Engine.Events;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Inspection;

/// <summary>Reads a journal's files without opening the journal: nothing is written, repaired or locked.</summary>
public static class JournalInspection
{
    /// <summary>Files open at a time while they are gone over in order.</summary>
    private const int MaxOpen = 4;

    /// <summary>Holds a journal's directory as a server does, so that none starts on it meanwhile.</summary>
    /// <exception cref="JournalException">A server runs on it.</exception>
    public static IDisposable Lock(string directory) => DirectoryLock.Take(directory);

    /// <summary>Where the records of the last segment end.</summary>
    /// <exception cref="JournalException">Its format is newer than this program.</exception>
    public static long FindEnd(SegmentSource last)
    {
        ArgumentNullException.ThrowIfNull(last);
        using var table = Open([last]);
        var limit = table.All[0].Limit;
        var cursor = new RecordCursor(table, last.Base);
        var end = last.Base;
        CursorStep step;
        while ((step = cursor.Next(limit, out _)) != CursorStep.End)
        {
            end = step == CursorStep.Record ? cursor.Position : end;
        }

        return end;
    }

    /// <summary>Reads the header of each segment.</summary>
    /// <exception cref="JournalException">One is of a format newer than this program.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static void CheckHeaders(IReadOnlyList<SegmentSource> segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        Open(segments).Dispose();
    }

    /// <summary>Checks every record and counts what a start would find.</summary>
    /// <param name="segments">In order.</param>
    /// <param name="end">Position after the last record.</param>
    /// <param name="checkpoint">A checkpoint's file, or null to count from the beginning.</param>
    /// <param name="accepted">Told of each acceptance, or null.</param>
    /// <param name="progress">Told the position now and then, or null.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="JournalException">The format is newer than this program.</exception>
    public static InspectedJournal Run(
        IReadOnlyList<SegmentSource> segments, long end, string? checkpoint, EventHandling? accepted, Action<long>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(segments);
        if (segments.Count == 0)
        {
            return new InspectedJournal(end, end, 0, 0, 0, 0, 0, checkpoint is null);
        }

        using var table = Open(segments);
        var live = new LiveJobs();
        var usable = checkpoint is null || live.TryLoad(checkpoint, table.Begin, end);
        var cursor = new RecordCursor(table, table.Begin);
        var (records, damaged, jobs, newest, told) = (0L, 0L, 0L, 0L, table.Begin);
        while (true)
        {
            var step = cursor.Next(end, out var record);
            if (step == CursorStep.End)
            {
                return new InspectedJournal(table.Begin, end, records, damaged, jobs, live.Count, newest, usable);
            }

            if (step == CursorStep.Damage)
            {
                damaged += cursor.Position - cursor.DamageBegin;
                continue;
            }

            records++;
            newest = record.TimeMs;
            live.Apply(record);
            if (EventDecoder.TryAcceptance(record, out var item))
            {
                jobs++;
                accepted?.Invoke(item);
            }

            if (record.Position - told > RecordCursor.BlockBytes)
            {
                told = record.Position;
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke(told);
            }
        }
    }

    private static SegmentTable Open(IReadOnlyList<SegmentSource> segments)
    {
        var table = new SegmentTable(new JournalStorage(), MaxOpen, static _ => { });
        foreach (var source in segments)
        {
            var segment = new Segment(source.Base, source.Path, new FileInfo(source.Path).Length, createdMs: 0);
            table.Add(segment);
            table.ReadHeader(segment);
        }

        return table;
    }
}

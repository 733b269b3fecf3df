using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Journaling;

/// <summary>
/// Opens a journal's directory: lists the segments, reads their headers, and goes over the records of the last one to find the
/// end. Earlier segments were synced before the next got its name, so their records are not read here.
/// </summary>
internal sealed class JournalOpening(JournalOptions options, TimeProvider time, JournalStorage storage, Action<JournalIncident> report, Action<long, long> reportDamage)
{
    private readonly string _directory = options.Directory;

    public OpenedJournal Run()
    {
        SegmentTable table = new(storage, options.MaxOpenSegments, report);
        SpaceKeeper space = new(options, time, storage, report);
        try
        {
            DeleteLeftovers();
            List<Segment> found = List();
            found.ForEach(table.Add);
            found.ForEach(segment => table.ReadHeader(segment));
            OpenedJournal opened = found.Count == 0 ? Start(table, space) : Continue(table, space, found);
            space.SegmentStarted(opened.Segment.Limit);
            return opened;
        }
        catch (Exception e)
        {
            space.Dispose();
            table.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new JournalException($"Cannot open the journal in {_directory}: {e.Message}", e);
            }

            throw;
        }
    }

    private void DeleteLeftovers()
    {
        foreach (string path in Directory.EnumerateFiles(_directory, "*.tmp"))
        {
            storage.Delete(path);
        }
    }

    private List<Segment> List()
    {
        List<Segment> found = [];
        foreach (string path in Directory.EnumerateFiles(_directory, "*" + Segment.Extension))
        {
            if (Segment.TryParseName(Path.GetFileName(path), out long basePosition))
            {
                found.Add(new Segment(_directory, basePosition, new FileInfo(path).Length, createdMs: 0));
            }
        }

        found.Sort(static (a, b) => a.Base.CompareTo(b.Base));
        for (int i = 1; i < found.Count; i++)
        {
            long gap = found[i].Base - found[i - 1].Limit;
            if (gap > 0)
            {
                report(new JournalIncident(JournalIncidentKind.MissingSegment, found[i - 1].Limit, gap,
                    $"No segment holds the {gap} bytes before {found[i].Path}: a file is missing or was cut short."));
            }
        }

        return found;
    }

    private OpenedJournal Start(SegmentTable table, SpaceKeeper space)
    {
        SafeFileHandle file = space.TakeSpare();
        long createdMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        SegmentFile.WriteHeader(storage, file, 0, createdMs);
        Segment first = new(_directory, 0, options.SegmentBytes, createdMs);
        SegmentFile.Name(storage, file, space.NextPath, first.Path);
        table.Add(first);
        return new OpenedJournal(table, space, first, file, End: 0);
    }

    private OpenedJournal Continue(SegmentTable table, SpaceKeeper space, List<Segment> found)
    {
        Segment last = found[^1];
        SafeFileHandle file = storage.Open(last.Path, writable: true);
        try
        {
            long end = FindEnd(table, last, file);
            if (!SuspectMark.IsSet(_directory) && TrySync(last, file, end))
            {
                return new OpenedJournal(table, space, last, file, end);
            }

            OpenedJournal copied = Copy(table, space, last, end);
            file.Dispose();
            return copied;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private long FindEnd(SegmentTable table, Segment last, SafeFileHandle file)
    {
        RecordCursor cursor = new(table, last.Base);
        while (true)
        {
            switch (cursor.Next(last.Limit, out _))
            {
                case CursorStep.End:
                    return cursor.Position;
                case CursorStep.Damage when cursor.Position < last.Limit:
                    reportDamage(cursor.DamageBegin, cursor.Position);
                    break;
                case CursorStep.Damage:
                    CutTail(table, last, file, cursor.DamageBegin);
                    return cursor.DamageBegin;
                default:
                    break;
            }
        }
    }

    /// <summary>Nothing good follows: zeros mean that nothing was written, anything else is a torn record that must not be met again.</summary>
    private void CutTail(SegmentTable table, Segment last, SafeFileHandle file, long end)
    {
        long garbageEnd = RecordSearch.LastByte(table, end, last.Limit);
        if (garbageEnd == end)
        {
            return;
        }

        byte[] zeros = new byte[(int)Math.Min(garbageEnd - end, 1024 * 1024)];
        for (long position = end; position < garbageEnd; position += zeros.Length)
        {
            int count = (int)Math.Min(zeros.Length, garbageEnd - position);
            SegmentFile.WriteAll(storage, file, zeros.AsSpan(0, count), Segment.OffsetOf(position, last.Base));
        }

        storage.Sync(file);
        report(new JournalIncident(JournalIncidentKind.TornTail, end, garbageEnd - end,
            $"The last {garbageEnd - end} bytes, at position {end}, are no whole record (cut short by a crash) and have been removed."));
    }

    /// <summary>What the process before us wrote and did not sync is synced now, before anyone builds on it.</summary>
    private bool TrySync(Segment last, SafeFileHandle file, long end)
    {
        try
        {
            storage.Sync(file);
            storage.SyncDirectory(_directory);
            return true;
        }
        catch (IOException e)
        {
            report(new JournalIncident(JournalIncidentKind.SyncFailed, last.Base, end - last.Base, $"{last.Path}: {e.Message}", e));
            return false;
        }
    }

    /// <summary>Writes the last segment anew, since a sync of it has failed, and puts the copy in its place.</summary>
    private OpenedJournal Copy(SegmentTable table, SpaceKeeper space, Segment last, long end)
    {
        SafeFileHandle file = space.TakeSpare();
        long used = end - last.Base;
        if (Segment.OffsetOf(end, last.Base) > options.SegmentBytes)
        {
            // The segment was begun under a larger setting.
            storage.Allocate(file, last.FileBytes);
        }

        SegmentFile.WriteHeader(storage, file, last.Base, last.CreatedMs);
        byte[] block = new byte[1024 * 1024];
        for (long position = last.Base; position < end;)
        {
            int count = table.Read(position, block, end);
            if (count <= 0)
            {
                throw new IOException($"{last.Path} cannot be read at position {position}.");
            }

            SegmentFile.WriteAll(storage, file, block.AsSpan(0, count), Segment.OffsetOf(position, last.Base));
            position += count;
        }

        Segment copy = new(_directory, last.Base, storage.GetLength(file), last.CreatedMs);
        SegmentFile.Name(storage, file, space.NextPath, copy.Path);
        table.Add(copy);
        SuspectMark.Clear(storage, _directory);
        report(new JournalIncident(JournalIncidentKind.Moved, last.Base, used, $"{copy.Path} was written anew, since a sync of it had failed."));
        return new OpenedJournal(table, space, copy, file, end);
    }
}

using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Journaling;

/// <summary>
/// The segments in order, and reading from them by position. The list is replaced as a whole, so that readers take no lock; files
/// are opened when first read, the least recently used one closed when too many are open.
/// </summary>
internal sealed class SegmentTable(JournalStorage storage, int maxOpen, Action<JournalIncident> report) : IDisposable
{
    private const int SectorBytes = 4096;

    private readonly Lock _gate = new();
    private volatile Segment[] _segments = [];
    private int _open;
    private long _uses;
    private volatile bool _disposed;

    public long Begin => _segments[0].Base;

    public Segment[] All => _segments;

    /// <summary>Adds a segment at the end. One with the base of the last takes its place: the file has been replaced.</summary>
    public void Add(Segment segment)
    {
        lock (_gate)
        {
            Segment[] old = _segments;
            int keep = old.Length;
            if (keep > 0 && old[keep - 1].Base >= segment.Base)
            {
                if (old[keep - 1].Base > segment.Base)
                {
                    throw new InvalidOperationException($"Segment {segment.Base} comes before the last one, {old[keep - 1].Base}.");
                }

                Close(old[--keep]);
            }

            _segments = [.. old.AsSpan(0, keep), segment];
        }
    }

    /// <summary>Takes out the segments that end at or before a position, never the last.</summary>
    public Segment[] RemoveBefore(long position)
    {
        lock (_gate)
        {
            Segment[] old = _segments;
            int count = 0;
            while (count + 1 < old.Length && old[count + 1].Base <= position)
            {
                Close(old[count++]);
            }

            _segments = old[count..];
            return old[..count];
        }
    }

    /// <summary>Where the segment that holds a position ends, at most <paramref name="limit"/>.</summary>
    public long EndOf(long position, long limit)
    {
        Segment[] segments = _segments;
        int next = Find(segments, position) + 1;
        return next < segments.Length ? Math.Min(segments[next].Base, limit) : limit;
    }

    /// <summary>
    /// Reads the bytes from a position on, within its segment and below <paramref name="limit"/>, as many as there are. −1 when the
    /// position lies before the first segment.
    /// </summary>
    public int Read(long position, Span<byte> destination, long limit)
    {
        while (true)
        {
            Segment[] segments = _segments;
            int index = Find(segments, position);
            if (index < 0)
            {
                return -1;
            }

            Segment segment = segments[index];
            long end = index + 1 < segments.Length ? Math.Min(segments[index + 1].Base, limit) : limit;
            Span<byte> wanted = destination[..(int)Math.Min(destination.Length, Math.Max(0, end - position))];
            try
            {
                return ReadFrom(segment, wanted, Segment.OffsetOf(position, segment.Base));
            }
            catch (ObjectDisposedException) when (!_disposed)
            {
                // Closed under us to make room, or deleted: look again.
            }
            catch (FileNotFoundException e)
            {
                if (ReferenceEquals(_segments, segments))
                {
                    report(new JournalIncident(JournalIncidentKind.ReadFailed, segment.Base, end - segment.Base, $"Segment file {segment.Path} is gone.", e));
                    return 0;
                }
            }
        }
    }

    /// <summary>Reads a segment's header, or null when it is damaged. A newer version is refused.</summary>
    public SegmentHeader? ReadHeader(Segment segment)
    {
        Span<byte> bytes = stackalloc byte[64];
        int count = ReadFrom(segment, bytes, 0);
        if (!SegmentHeader.TryRead(bytes[..count], out SegmentHeader header))
        {
            report(new JournalIncident(JournalIncidentKind.DamagedHeader, segment.Base, SegmentHeader.Bytes,
                $"The header of {segment.Path} is damaged; its records are read by their own checksums."));
            return null;
        }

        if (header.Version is < 1 or > SegmentHeader.CurrentVersion)
        {
            throw new JournalException($"{segment.Path} has format version {header.Version}; this program reads up to version "
                + $"{SegmentHeader.CurrentVersion}. Run the newer program that wrote it.");
        }

        if (header.Base != segment.Base)
        {
            throw new JournalException($"{segment.Path} says that it begins at {Segment.NameOf(header.Base)}: it was renamed. Give it that name back.");
        }

        segment.CreatedMs = header.CreatedMs;
        return header;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (Segment segment in _segments)
            {
                Close(segment);
            }
        }
    }

    /// <summary>The segment that holds a position; null before the first.</summary>
    public Segment? Find(long position)
    {
        Segment[] segments = _segments;
        int index = Find(segments, position);
        return index < 0 ? null : segments[index];
    }

    private static int Find(Segment[] segments, long position)
    {
        int low = 0;
        int high = segments.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (segments[middle].Base <= position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private int ReadFrom(Segment segment, Span<byte> destination, long offset)
    {
        SafeFileHandle file = Handle(segment);
        int count = 0;
        try
        {
            while (count < destination.Length)
            {
                int read = storage.Read(file, destination[count..], offset + count);
                if (read == 0)
                {
                    break;
                }

                count += read;
            }

            return count;
        }
        catch (IOException e)
        {
            report(new JournalIncident(JournalIncidentKind.ReadFailed, segment.Base + Math.Max(0, offset + count - SegmentHeader.Bytes),
                destination.Length - count, $"{segment.Path} cannot be read at byte {offset + count}: {e.Message}", e));
            return ReadAround(file, destination, offset);
        }
    }

    /// <summary>Sector by sector, so that one bad sector costs its own bytes only; they read as zeros and fail their checksum.</summary>
    private int ReadAround(SafeFileHandle file, Span<byte> destination, long offset)
    {
        int count = 0;
        while (count < destination.Length)
        {
            int part = (int)Math.Min(destination.Length - count, SectorBytes - ((offset + count) % SectorBytes));
            Span<byte> target = destination.Slice(count, part);
            target.Clear();
            try
            {
                if (storage.Read(file, target, offset + count) == 0)
                {
                    return count;
                }
            }
            catch (IOException)
            {
                // Reported by the caller; the bytes stay zero.
            }

            count += part;
        }

        return count;
    }

    private SafeFileHandle Handle(Segment segment)
    {
        SafeFileHandle? file = segment.Reading;
        segment.LastUsed = Interlocked.Increment(ref _uses);
        if (file is not null)
        {
            return file;
        }

        lock (_gate)
        {
            // A segment taken out of the list meanwhile must not be opened again: nobody would close it.
            ObjectDisposedException.ThrowIf(_disposed || Array.IndexOf(_segments, segment) < 0, this);
            if (segment.Reading is null)
            {
                if (_open >= maxOpen)
                {
                    CloseOldest();
                }

                segment.Reading = storage.Open(segment.Path, writable: false);
                _open++;
            }

            return segment.Reading;
        }
    }

    private void CloseOldest()
    {
        Segment? oldest = null;
        foreach (Segment segment in _segments)
        {
            if (segment.Reading is not null && (oldest is null || segment.LastUsed < oldest.LastUsed))
            {
                oldest = segment;
            }
        }

        if (oldest is not null)
        {
            Close(oldest);
        }
    }

    private void Close(Segment segment)
    {
        if (segment.Reading is { } file)
        {
            segment.Reading = null;
            _open--;
            file.Dispose();
        }
    }
}

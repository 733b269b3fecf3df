using System.Buffers.Binary;

namespace Strowger.Engine.Jobs;

/// <summary>
/// Where the history of each finished job ends, by id: 16 octets a job in files of a million, so that a status by id is
/// two reads at any size. Pages are cached and written back at a checkpoint; whatever is younger is replayed from the
/// journal, of which this is an index. Guarded by the engine's lock, but for <see cref="Write"/>.
/// <code>0 i64 position of the newest record   8 u8 state   9 u8 part   10 u8 parts   11 u8 zero   12 u32 zero</code>
/// </summary>
internal sealed class DoneIndex : IDisposable
{
    private const int EntryBytes = 16;
    private const int PageEntries = 256;
    private const int PageBytes = EntryBytes * PageEntries;
    private const long EntriesPerFile = 1 << 20;
    private const long PagesPerFile = EntriesPerFile / PageEntries;

    /// <summary>64 MiB: four million neighbouring jobs, more than wait for a receipt at once.</summary>
    private const int MaxCachedPages = 16 * 1024;

    /// <summary>A job that waited for a year keeps its neighbours' file; those after it go all the same. So many are looked past.</summary>
    private const int MaxKeptInARow = 8;

    private readonly DoneFiles _files;
    private readonly Dictionary<long, CachedPage> _pages = [];
    private readonly Queue<long> _arrival = new();

    /// <summary>Files that a page was written to before its checkpoint: to be synced with it.</summary>
    private HashSet<long> _writtenEarly = [];
    private bool _writing;

    public DoneIndex(string directory) => _files = new DoneFiles(directory, EntriesPerFile * EntryBytes);

    public void Set(long id, long position, JobState state, byte part, byte parts)
    {
        var page = Load(id / PageEntries);
        var entry = page.Bytes.AsSpan((int)(id % PageEntries) * EntryBytes, EntryBytes);
        BinaryPrimitives.WriteInt64LittleEndian(entry, position);
        entry[8] = (byte)state;
        entry[9] = part;
        entry[10] = parts;
        page.IsDirty = true;
    }

    /// <param name="id">Of a job that was accepted: below the next one's.</param>
    public bool TryGet(long id, out long position, out JobState state, out byte part, out byte parts)
    {
        (position, state, part, parts) = (0, JobState.None, 0, 0);
        if (id <= 0)
        {
            return false;
        }

        var entry = Load(id / PageEntries).Bytes.AsSpan((int)(id % PageEntries) * EntryBytes, EntryBytes);
        position = BinaryPrimitives.ReadInt64LittleEndian(entry);
        (state, part, parts) = ((JobState)entry[8], entry[9], entry[10]);
        return state != JobState.None;
    }

    /// <summary>Copies of the pages that have changed since the last time.</summary>
    public DirtyPages TakeDirty()
    {
        // No page may be written by another way while its older copy is on its way to the file.
        _writing = true;
        var dirty = new List<(long, byte[])>();
        foreach (var (number, page) in _pages)
        {
            if (page.IsDirty)
            {
                dirty.Add((number, page.Bytes.ToArray()));
                page.IsDirty = false;
            }
        }

        var early = _writtenEarly;
        _writtenEarly = [];
        return new DirtyPages(dirty, early);
    }

    /// <summary>Writes pages taken by <see cref="TakeDirty"/>. Needs no lock: only one checkpoint runs at a time.</summary>
    public void Write(DirtyPages dirty)
    {
        try
        {
            foreach (var (number, bytes) in dirty.Pages)
            {
                _files.Write(number / PagesPerFile, bytes, number % PagesPerFile * PageBytes);
                dirty.Files.Add(number / PagesPerFile);
            }

            foreach (var file in dirty.Files)
            {
                _files.Sync(file);
            }
        }
        finally
        {
            Volatile.Write(ref _writing, false);
        }
    }

    /// <summary>The pages could not be written: they are for the next checkpoint.</summary>
    public void PutBack(DirtyPages dirty)
    {
        foreach (var (number, bytes) in dirty.Pages)
        {
            if (!_pages.TryGetValue(number, out var page))
            {
                _pages.Add(number, page = new CachedPage());
                bytes.CopyTo(page.Bytes, 0);
                _arrival.Enqueue(number);
            }

            page.IsDirty = true;
        }

        _writtenEarly.UnionWith(dirty.Files);
    }

    /// <summary>Deletes the oldest files as long as all histories in them end before a position that is gone.</summary>
    /// <param name="position">Where the journal begins now.</param>
    /// <param name="nextId">Its file is not deleted.</param>
    public void DeleteBefore(long position, long nextId)
    {
        var kept = 0;
        foreach (var file in _files.Numbers())
        {
            if (file >= nextId / EntriesPerFile || kept > MaxKeptInARow)
            {
                return;
            }

            if (!EndsBefore(file, position))
            {
                kept++;
                continue;
            }

            for (var page = file * PagesPerFile; page < (file + 1) * PagesPerFile; page++)
            {
                _pages.Remove(page);
            }

            _files.Delete(file);
        }
    }

    public void Dispose() => _files.Dispose();

    private bool EndsBefore(long file, long position)
    {
        // The last page tells at once of nearly every file that must stay.
        var page = new byte[PageBytes];
        for (var i = PagesPerFile - 1; i >= 0; i--)
        {
            var bytes = _pages.TryGetValue((file * PagesPerFile) + i, out var cached) ? cached.Bytes : page;
            if (cached is null)
            {
                Array.Clear(page);
                _files.Read(file, page, i * PageBytes);
            }

            for (var at = 0; at < PageBytes; at += EntryBytes)
            {
                if (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at)) >= position)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private CachedPage Load(long number)
    {
        if (_pages.TryGetValue(number, out var page))
        {
            return page;
        }

        if (_pages.Count >= MaxCachedPages && !Volatile.Read(ref _writing))
        {
            Evict();
        }

        page = new CachedPage();
        _files.Read(number / PagesPerFile, page.Bytes, number % PagesPerFile * PageBytes);
        _pages.Add(number, page);
        _arrival.Enqueue(number);
        return page;
    }

    /// <summary>The page loaded longest ago goes; what changed in it is written first.</summary>
    private void Evict()
    {
        var number = _arrival.Dequeue();
        if (_pages.Remove(number, out var page) && page.IsDirty)
        {
            _files.Write(number / PagesPerFile, page.Bytes, number % PagesPerFile * PageBytes);
            _writtenEarly.Add(number / PagesPerFile);
        }
    }

    /// <summary>Pages for a checkpoint to write, and files written before that it must sync.</summary>
    public sealed record DirtyPages(List<(long Page, byte[] Bytes)> Pages, HashSet<long> Files);

    private sealed class CachedPage
    {
        public readonly byte[] Bytes = new byte[PageBytes];
        public bool IsDirty;
    }
}

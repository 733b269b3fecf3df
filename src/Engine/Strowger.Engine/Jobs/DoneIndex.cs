using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Jobs;

/// <summary>
/// Where the history of each finished job ends, by id: 16 octets a job in files of a million, so that a status by id is
/// two reads at any size. Pages are cached and written back at a checkpoint; whatever is younger is replayed from the
/// journal, of which this is an index. Guarded by the engine's lock.
/// <code>0 i64 position of the newest record   8 u8 state   9 u8 part   10 u8 parts   11 u8 zero   12 u32 zero</code>
/// </summary>
internal sealed class DoneIndex : IDisposable
{
    private const int EntryBytes = 16;
    private const int PageEntries = 256;
    private const int PageBytes = EntryBytes * PageEntries;
    private const long EntriesPerFile = 1 << 20;

    /// <summary>64 MiB: four million neighbouring jobs, more than wait for a receipt at once.</summary>
    private const int MaxCachedPages = 16 * 1024;

    private readonly string _directory;
    private readonly Dictionary<long, CachedPage> _pages = [];
    private readonly Queue<long> _arrival = new();
    private readonly Dictionary<long, SafeFileHandle> _files = [];
    private bool _writing;

    public DoneIndex(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
    }

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
    public List<(long Page, byte[] Bytes)> TakeDirty()
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

        return dirty;
    }

    /// <summary>Writes pages taken by <see cref="TakeDirty"/>. Needs no lock: only one checkpoint runs at a time.</summary>
    public void Write(List<(long Page, byte[] Bytes)> pages)
    {
        var touched = new HashSet<SafeFileHandle>();
        foreach (var (number, bytes) in pages)
        {
            var (file, offset) = Place(number);
            RandomAccess.Write(file, bytes, offset);
            touched.Add(file);
        }

        foreach (var file in touched)
        {
            RandomAccess.FlushToDisk(file);
        }

        Volatile.Write(ref _writing, false);
    }

    /// <summary>Deletes whole files of ids below <paramref name="id"/>.</summary>
    public void DeleteBefore(long id)
    {
        var first = id / EntriesPerFile;
        foreach (var path in Directory.GetFiles(_directory, "*.idx"))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(path), out var number) && number < first)
            {
                lock (_files)
                {
                    if (_files.Remove(number, out var file))
                    {
                        file.Dispose();
                    }
                }

                File.Delete(path);
            }
        }
    }

    public void Dispose()
    {
        lock (_files)
        {
            foreach (var file in _files.Values)
            {
                file.Dispose();
            }

            _files.Clear();
        }
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
        var (file, offset) = Place(number);
        RandomAccess.Read(file, page.Bytes, offset);
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
            var (file, offset) = Place(number);
            RandomAccess.Write(file, page.Bytes, offset);
        }
    }

    private (SafeFileHandle File, long Offset) Place(long page)
    {
        var number = page * PageEntries / EntriesPerFile;
        lock (_files)
        {
            if (!_files.TryGetValue(number, out var file))
            {
                var path = Path.Combine(_directory, FormattableString.Invariant($"{number:D8}.idx"));
                file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
                _files.Add(number, file);
            }

            return (file, ((page * PageEntries) % EntriesPerFile) * EntryBytes);
        }
    }

    private sealed class CachedPage
    {
        public readonly byte[] Bytes = new byte[PageBytes];
        public bool IsDirty;
    }
}

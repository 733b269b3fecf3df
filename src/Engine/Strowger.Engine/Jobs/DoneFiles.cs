using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Jobs;

/// <summary>The files of the index of finished jobs, by number. Reading makes none. Safe for several threads.</summary>
internal sealed class DoneFiles : IDisposable
{
    /// <summary>Files kept open: 64 million jobs, far more than are asked about at a time.</summary>
    private const int MaxOpen = 64;

    private readonly string _directory;
    private readonly long _fileBytes;
    private readonly Lock _gate = new();
    private readonly SortedSet<long> _numbers = [];
    private readonly Dictionary<long, SafeFileHandle> _open = [];
    private readonly Queue<long> _opened = new();

    public DoneFiles(string directory, long fileBytes)
    {
        _directory = directory;
        _fileBytes = fileBytes;
        Directory.CreateDirectory(directory);
        foreach (var path in Directory.GetFiles(directory, "*.idx"))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                _numbers.Add(number);
            }
        }
    }

    /// <summary>Oldest first.</summary>
    public long[] Numbers()
    {
        lock (_gate)
        {
            return [.. _numbers];
        }
    }

    /// <summary>Fills what the file has; the rest, or all when there is no such file, stays as it is.</summary>
    public void Read(long number, Span<byte> into, long offset)
    {
        lock (_gate)
        {
            if (_numbers.Contains(number))
            {
                RandomAccess.Read(Open(number), into, offset);
            }
        }
    }

    public void Write(long number, ReadOnlySpan<byte> bytes, long offset)
    {
        Invariant.Holds(offset + bytes.Length <= _fileBytes, "a page lies within its file");
        lock (_gate)
        {
            RandomAccess.Write(Open(number), bytes, offset);
            _numbers.Add(number);
        }
    }

    /// <summary>By a handle of its own: a sync takes long and must hold up nobody.</summary>
    public void Sync(long number)
    {
        try
        {
            using var file = File.OpenHandle(PathOf(number), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(file);
        }
        catch (FileNotFoundException)
        {
            // Deleted meanwhile: nothing in it is wanted any more.
        }
    }

    public void Delete(long number)
    {
        lock (_gate)
        {
            _numbers.Remove(number);
            if (_open.Remove(number, out var file))
            {
                file.Dispose();
            }

            File.Delete(PathOf(number));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var file in _open.Values)
            {
                file.Dispose();
            }

            _open.Clear();
        }
    }

    private SafeFileHandle Open(long number)
    {
        if (_open.TryGetValue(number, out var file))
        {
            return file;
        }

        while (_open.Count >= MaxOpen && _opened.TryDequeue(out var oldest))
        {
            if (_open.Remove(oldest, out var closed))
            {
                closed.Dispose();
            }
        }

        file = File.OpenHandle(PathOf(number), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _open.Add(number, file);
        _opened.Enqueue(number);
        return file;
    }

    private string PathOf(long number) => Path.Combine(_directory, number.ToString("D8", CultureInfo.InvariantCulture) + ".idx");
}

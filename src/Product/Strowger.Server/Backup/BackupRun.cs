using Strowger.Engine.Inspection;
using Strowger.Records.Sqlite;
using Strowger.Server.Cli;

namespace Strowger.Server.Backup;

/// <summary>What was asked of a backup.</summary>
/// <param name="Data">The data directory.</param>
/// <param name="Target">The directory of backups.</param>
/// <param name="Rate">Octets read a second.</param>
/// <param name="Keep">Backups kept; null keeps all.</param>
internal sealed record BackupOptions(string Data, string Target, double Rate, int? Keep);

/// <summary>What a backup did.</summary>
/// <param name="Manifest">The backup.</param>
/// <param name="ReadBytes">Octets that had to be read.</param>
/// <param name="IsLive">Whether a server ran meanwhile.</param>
/// <param name="Took">How long it took.</param>
/// <param name="PrunedBackups">Older ones taken away.</param>
/// <param name="FreedBytes">And the room that made.</param>
internal sealed record BackupReport(BackupManifest Manifest, long ReadBytes, bool IsLive, TimeSpan Took, int PrunedBackups, long FreedBytes);

/// <summary>
/// Makes one backup. The order makes it consistent: settings first, then the files they name, the journal's full segments, a
/// checkpoint, the index, and last the journal up to where it is then on the disk. So nothing in it speaks of what the journal has not.
/// </summary>
internal sealed class BackupRun
{
    private readonly BackupOptions _options;
    private readonly TimeProvider _time;
    private readonly BackupStore _store;
    private readonly PacedCopy _copy;
    private readonly Dictionary<string, BackupEntry> _before;
    private readonly Dictionary<string, BackupEntry> _files = new(StringComparer.Ordinal);
    private long _read;

    private BackupRun(BackupOptions options, TimeProvider time, Action<double> progress)
    {
        _options = options;
        _time = time;
        _store = new BackupStore(options.Target);
        _before = _store.FindNewest()?.Files.ToDictionary(static file => file.Path, StringComparer.Ordinal) ?? [];
        var expected = Math.Max(1, Directory.EnumerateFiles(options.Data, "*", SearchOption.AllDirectories).Where(IsToRead).Sum(static path => new FileInfo(path).Length));
        _copy = new PacedCopy(options.Rate, time, count => progress(Math.Min(1, (double)(_read += count) / expected)));
    }

    /// <param name="options">What from where.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancel">Gives up; what was copied is taken away by the next backup that prunes.</param>
    public static async Task<BackupReport> RunAsync(BackupOptions options, TimeProvider time, Action<double> progress, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var hold = await JournalHold.TakeAsync(options.Data, cancel).ConfigureAwait(false);
        await using (hold.ConfigureAwait(false))
        {
            using var one = new BackupStore(options.Target).Lock();
            var run = new BackupRun(options, time, progress);
            var manifest = await run.CopyAsync(hold, cancel).ConfigureAwait(false);
            var (pruned, freed) = options.Keep is { } keep ? run._store.Prune(keep) : (0, 0L);
            progress(1);
            return new BackupReport(manifest, run._read, hold.IsLive, time.GetElapsedTime(started), pruned, freed);
        }
    }

    private async Task<BackupManifest> CopyAsync(JournalHold hold, CancellationToken cancel)
    {
        var begun = _time.GetUtcNow();
        var end = await hold.EndAsync(cancel).ConfigureAwait(false);
        foreach (var path in DataFiles.List(_options.Data))
        {
            try
            {
                await AddAsync(path, long.MaxValue, cancel).ConfigureAwait(false);
            }
            catch (FileNotFoundException)
            {
                // Past its retention, and gone while others were copied.
            }
        }

        await AddSegmentsAsync(end, fullOnly: true, cancel).ConfigureAwait(false);
        await AddCheckpointAsync(cancel).ConfigureAwait(false);
        foreach (var path in InDirectory("index", "*.idx"))
        {
            await AddAsync(path, long.MaxValue, cancel).ConfigureAwait(false);
        }

        // Twice: the first answer may have been on its way while the index was read.
        await hold.EndAsync(cancel).ConfigureAwait(false);
        end = await hold.EndAsync(cancel).ConfigureAwait(false);
        var begin = await AddSegmentsAsync(end, fullOnly: false, cancel).ConfigureAwait(false);
        _store.Sync();
        var manifest = new BackupManifest
        {
            Time = begun,
            Program = ProductVersion.Text,
            JournalBegin = begin,
            JournalEnd = end,
            Files = [.. _files.Values.OrderBy(static file => file.Path, StringComparer.Ordinal)],
        };
        manifest.Save(_options.Target);
        return manifest;
    }

    /// <summary>A segment reaches to the base of the next, the last one to the end of the journal; what its file has beyond means nothing.</summary>
    private async Task<long> AddSegmentsAsync(long end, bool fullOnly, CancellationToken cancel)
    {
        var segments = SegmentSource.List(Path.Combine(_options.Data, "journal"));
        for (var i = 0; i < segments.Count && (segments[i].Base < end || i == 0); i++)
        {
            var isFull = i + 1 < segments.Count && segments[i + 1].Base <= end;
            if (isFull || !fullOnly)
            {
                var limit = isFull ? segments[i + 1].Base : end;
                await AddAsync(Path.Combine("journal", segments[i].Name), SegmentSource.HeaderBytes + limit - segments[i].Base, cancel).ConfigureAwait(false);
            }
        }

        return segments.Count > 0 ? segments[0].Base : end;
    }

    /// <summary>The newest is enough: it is whole, and its records of before need not be replayed.</summary>
    private async Task AddCheckpointAsync(CancellationToken cancel)
    {
        for (var attempt = 1; InDirectory("checkpoints", "*.ckpt").LastOrDefault() is { } newest; attempt++)
        {
            try
            {
                await AddAsync(newest, long.MaxValue, cancel).ConfigureAwait(false);
                return;
            }
            catch (FileNotFoundException) when (attempt < BackupLimits.CheckpointAttempts)
            {
                // The server has written two newer ones meanwhile.
            }
        }
    }

    private async Task AddAsync(string path, long most, CancellationToken cancel)
    {
        var from = Path.Combine(_options.Data, path);
        var isDatabase = DataFiles.IsDatabase(path);
        var source = new FileInfo(from);
        var bytes = Math.Min(source.Length, most);
        var key = path.Replace(Path.DirectorySeparatorChar, '/');
        var known = _files.GetValueOrDefault(key) ?? _before.GetValueOrDefault(key);
        if (!isDatabase && known is not null && known.Bytes == bytes && known.SourceBytes == source.Length && known.SourceTicks == source.LastWriteTimeUtc.Ticks && _store.Has(known))
        {
            _files[key] = known;
            return;
        }

        var to = _store.NewPath();
        if (isDatabase)
        {
            OwnerOnly.Create(to).Dispose();
            SqliteFile.Copy(from, to);
            from = to;
            to = _store.NewPath();
        }

        var (sha256, copied) = await _copy.CopyAsync(from, to, most, cancel).ConfigureAwait(false);
        if (isDatabase)
        {
            File.Delete(from);
        }
        else if (copied < bytes)
        {
            throw new CliException($"{from} became shorter while it was copied.");
        }

        _store.Keep(to, sha256);
        _files[key] = new BackupEntry(key, sha256, copied, source.Length, source.LastWriteTimeUtc.Ticks);
    }

    private IEnumerable<string> InDirectory(string name, string pattern)
    {
        var directory = Path.Combine(_options.Data, name);
        return Directory.Exists(directory)
            ? Directory.EnumerateFiles(directory, pattern).Select(Path.GetFileName).Order(StringComparer.Ordinal).Select(file => Path.Combine(name, file!))
            : [];
    }

    /// <summary>Whether it will be read, as far as can be said: for the bar.</summary>
    private bool IsToRead(string path)
    {
        var name = Path.GetRelativePath(_options.Data, path).Replace(Path.DirectorySeparatorChar, '/');
        return !name.StartsWith("read/", StringComparison.Ordinal) && !name.EndsWith(".tmp", StringComparison.Ordinal)
            && !(_before.TryGetValue(name, out var known) && known.SourceTicks == new FileInfo(path).LastWriteTimeUtc.Ticks);
    }
}

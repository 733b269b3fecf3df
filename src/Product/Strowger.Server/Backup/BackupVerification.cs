using System.Globalization;
using Strowger.Engine;
using Strowger.Engine.Inspection;
using Strowger.Engine.Journaling;
using Strowger.Records;
using Strowger.Records.Sqlite;

namespace Strowger.Server.Backup;

/// <summary>Reads a whole backup: every file's checksum, every record of the journal, every database. Writes nothing.</summary>
internal static class BackupVerification
{
    /// <summary>Problems told one by one; a disk that lost more is told in one line.</summary>
    private const int MaxProblems = 100;

    public static async Task<BackupContents> RunAsync(BackupStore store, BackupManifest manifest, TimeProvider time, Action<double> progress, CancellationToken cancel)
    {
        var problems = new List<string>();
        var read = 0L;

        // The files are read once for their checksums and the journal once more for its records.
        var total = Math.Max(1, manifest.Bytes + Math.Max(0, manifest.JournalEnd - manifest.JournalBegin));
        var copy = new PacedCopy(double.PositiveInfinity, time, count => progress(Math.Min(1, (double)(read += count) / total)));
        foreach (var file in manifest.Files)
        {
            await CheckAsync(store, file, copy, problems, cancel).ConfigureAwait(false);
        }

        var (texts, jobs) = (0L, 0L);
        var journal = Inspect(
            store,
            manifest,
            (in EngineEvent item) => _ = item.Headers.IsEmpty ? texts++ : jobs++,
            position => progress(Math.Min(1, (double)(read + position - manifest.JournalBegin) / total)),
            problems,
            cancel);
        var settings = manifest.Files.FirstOrDefault(static file => file.Path == "settings.db");
        if (settings is null)
        {
            problems.Add("settings.db is not in it.");
        }

        progress(1);
        return new BackupContents(
            manifest,
            journal?.Waiting ?? 0,
            texts,
            jobs,
            Count(store, settings, "channels WHERE removed = 0"),
            Count(store, settings, "keys"),
            Count(store, manifest.Files.FirstOrDefault(static file => file.Path == "campaigns/campaigns.db"), "campaigns"),
            journal is { NewestMs: > 0 } ? DateTimeOffset.FromUnixTimeMilliseconds(journal.NewestMs) : null,
            problems.Count <= MaxProblems ? problems : [.. problems.Take(MaxProblems), string.Create(CultureInfo.InvariantCulture, $"{problems.Count - MaxProblems} more.")]);
    }

    private static async Task CheckAsync(BackupStore store, BackupEntry file, PacedCopy copy, List<string> problems, CancellationToken cancel)
    {
        var path = store.PathOf(file.Sha256);
        try
        {
            var (sha256, bytes) = await copy.HashAsync(path, cancel).ConfigureAwait(false);
            if (bytes != file.Bytes || sha256 != file.Sha256)
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{file.Path} is damaged: {bytes} octets with checksum {sha256} in {path}, {file.Bytes} with the checksum of its name were kept."));
            }
            else if (DataFiles.IsDatabase(file.Path) && SqliteFile.Check(path) is { } wrong)
            {
                problems.Add($"{file.Path}: {wrong}");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or RecordsException)
        {
            problems.Add($"{file.Path} cannot be read: {error.Message}");
        }
    }

    private static InspectedJournal? Inspect(
        BackupStore store, BackupManifest manifest, EventHandling accepted, Action<long> progress, List<string> problems, CancellationToken cancel)
    {
        var segments = new List<SegmentSource>();
        string? checkpoint = null;
        foreach (var file in manifest.Files)
        {
            if (file.Path.StartsWith("journal/", StringComparison.Ordinal) && SegmentSource.TryParseName(Path.GetFileName(file.Path), out var begin))
            {
                segments.Add(new SegmentSource(begin, store.PathOf(file.Sha256)));
            }
            else if (file.Path.StartsWith("checkpoints/", StringComparison.Ordinal))
            {
                checkpoint = store.PathOf(file.Sha256);
            }
        }

        segments.Sort(static (a, b) => a.Base.CompareTo(b.Base));
        try
        {
            var found = JournalInspection.Run(segments, manifest.JournalEnd, checkpoint, accepted, progress, cancel);
            if (found.DamagedBytes > 0)
            {
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{found.DamagedBytes} octets of the journal are no good record; whatever they said is lost."));
            }

            if (!found.IsCheckpointUsable)
            {
                problems.Add("The checkpoint cannot be used: a start reads the whole journal instead.");
            }

            return found;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JournalException)
        {
            problems.Add($"The journal cannot be read: {error.Message}");
            return null;
        }
    }

    private static long Count(BackupStore store, BackupEntry? database, string table)
    {
        try
        {
            return database is null ? 0 : SqliteFile.Count(store.PathOf(database.Sha256), table);
        }
        catch (RecordsException)
        {
            // Told already: its checksum or its check is wrong.
            return 0;
        }
    }
}

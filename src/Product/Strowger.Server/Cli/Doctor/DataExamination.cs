using Strowger.Engine.Inspection;
using Strowger.Engine.Journaling;
using Strowger.Server.Backup;

namespace Strowger.Server.Cli.Doctor;

/// <summary>An existing data directory: whole, of a version this program reads, and nobody else's to read. Nothing is changed.</summary>
internal static class DataExamination
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    public static IEnumerable<Finding> Run(string data)
    {
        if (!Directory.Exists(data))
        {
            yield break;
        }

        if (Directory.Exists(Path.Combine(data, DataFiles.Restoring)))
        {
            yield return new Finding("data format", Verdict.Wrong, $"{data} was not restored to the end", "remove it and run 'strowger restore' again");
        }

        if (Directory.Exists(Path.Combine(data, "journal")))
        {
            yield return Journal(Path.Combine(data, "journal"));
        }

        foreach (var finding in Rights(data))
        {
            yield return finding;
        }
    }

    private static Finding Journal(string journal)
    {
        try
        {
            var segments = SegmentSource.List(journal);
            if (segments.Count == 0)
            {
                return new Finding("data format", Verdict.Good, "a journal without records");
            }

            // Reads the header of each, and refuses those of a newer program.
            JournalInspection.CheckHeaders(segments);
            var gap = Gap(segments);
            return gap is null
                ? new Finding("data format", Verdict.Good, $"{segments.Count} journal segments that this program reads")
                : new Finding("data format", Verdict.Wrong, $"the journal lacks what was before {gap.Name}", "a file is missing: put it back from a backup, or texts in it are lost");
        }
        catch (JournalException error)
        {
            return new Finding("data format", Verdict.Wrong, error.Message, "install the Strowger that wrote it, or a newer one");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Finding("data format", Verdict.Wrong, error.Message, $"run doctor as the server's user; files of another one: chown -R {Environment.UserName} {Path.GetDirectoryName(journal)}");
        }
    }

    private static SegmentSource? Gap(IReadOnlyList<SegmentSource> segments)
    {
        for (var i = 1; i < segments.Count; i++)
        {
            if (segments[i].Base > segments[i - 1].Base + new FileInfo(segments[i - 1].Path).Length - SegmentSource.HeaderBytes)
            {
                return segments[i];
            }
        }

        return null;
    }

    private static IEnumerable<Finding> Rights(string data)
    {
        var settings = new FileInfo(Path.Combine(data, "settings.db"));
        if (settings.Exists && (settings.UnixFileMode & Others) != 0)
        {
            yield return new Finding("data rights", Verdict.Doubtful, $"others may read {settings.FullName}, which holds carriers' passwords", $"chmod 600 {settings.FullName}");
        }
        else if ((new DirectoryInfo(data).UnixFileMode & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) is var open and not 0 && Directory.Exists(Path.Combine(data, "journal")))
        {
            yield return new Finding("data rights", Verdict.Doubtful, $"everybody on this machine may {((open & UnixFileMode.OtherWrite) != 0 ? "write to" : "list")} {data}, which holds numbers and texts", $"chmod 700 {data}");
        }
        else if (settings.Exists)
        {
            yield return new Finding("data rights", Verdict.Good, "passwords, numbers and texts are for their owner only");
        }
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strowger.Engine.Journaling;
using Strowger.Server.Cli;

namespace Strowger.Server.Backup;

/// <summary>
/// What one backup consists of (docs/backup.md): a line of JSON about it, a line a file, and a last line with the checksum of the
/// lines before. Written last, so a backup without its last line was not finished.
/// </summary>
internal sealed record BackupManifest
{
    public const int Version = 1;
    public const string Extension = ".manifest";
    private const string TimeFormat = "yyyy-MM-dd'T'HH-mm-ss'Z'";

    /// <summary>When it was begun: everything accepted before is in it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Of the program that made it.</summary>
    public required string Program { get; init; }

    /// <summary>First position of the journal.</summary>
    public required long JournalBegin { get; init; }

    /// <summary>Position after the last record.</summary>
    public required long JournalEnd { get; init; }

    public required IReadOnlyList<BackupEntry> Files { get; init; }

    public string Name => Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public long Bytes => Files.Sum(static file => file.Bytes);

    /// <summary>The time a manifest's file name says; null when it is none.</summary>
    public static DateTimeOffset? TimeOf(string path) =>
        DateTimeOffset.TryParseExact(
            Path.GetFileNameWithoutExtension(path), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    /// <summary>On the disk, and so is its name, when it returns.</summary>
    public void Save(string directory)
    {
        var path = Path.Combine(directory, Name + Extension);
        var temporary = path + ".tmp";
        using (var file = OwnerOnly.Create(temporary))
        {
            file.Write(ToBytes());
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        DirectorySync.Flush(directory);
    }

    /// <exception cref="CliException">It is not whole, or of a newer program.</exception>
    public static BackupManifest Load(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var lastLine = bytes.Length < 2 ? -1 : bytes.AsSpan(0, bytes.Length - 1).LastIndexOf((byte)'\n');
        try
        {
            if (lastLine < 0 || JsonDocument.Parse(bytes.AsMemory(lastLine + 1)).RootElement.GetProperty("sha256").GetString() != Hash(bytes.AsSpan(0, lastLine + 1)))
            {
                throw new CliException($"{path} is not whole: its checksum is wrong. Take an older backup with --at.");
            }

            var lines = Encoding.UTF8.GetString(bytes, 0, lastLine).Split('\n');
            var head = JsonDocument.Parse(lines[0]).RootElement;
            var version = head.GetProperty("strowger_backup").GetInt32();
            return version > Version
                ? throw new CliException($"{path} was made by a newer Strowger (backup format {version}; this one reads up to {Version}). Use that version or a newer one.")
                : new BackupManifest
                {
                    Time = head.GetProperty("time").GetDateTimeOffset(),
                    Program = head.GetProperty("program").GetString()!,
                    JournalBegin = head.GetProperty("journal_begin").GetInt64(),
                    JournalEnd = head.GetProperty("journal_end").GetInt64(),
                    Files = [.. lines.Skip(1).Select(static line => BackupEntry.Read(JsonDocument.Parse(line).RootElement))],
                };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new CliException($"{path} is no manifest of a backup: {error.Message}");
        }
    }

    private byte[] ToBytes()
    {
        using var bytes = new MemoryStream();
        WriteLine(bytes, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("strowger_backup"u8, Version);
            json.WriteString("time"u8, Time);
            json.WriteString("program"u8, Program);
            json.WriteNumber("journal_begin"u8, JournalBegin);
            json.WriteNumber("journal_end"u8, JournalEnd);
            json.WriteNumber("bytes"u8, Bytes);
            json.WriteEndObject();
        });
        foreach (var file in Files)
        {
            WriteLine(bytes, file.Write);
        }

        var hash = Hash(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        WriteLine(bytes, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("files"u8, Files.Count);
            json.WriteString("sha256"u8, hash);
            json.WriteEndObject();
        });
        return bytes.ToArray();
    }

    private static void WriteLine(MemoryStream to, Action<Utf8JsonWriter> write)
    {
        using (var json = new Utf8JsonWriter(to))
        {
            write(json);
        }

        to.WriteByte((byte)'\n');
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

using System.Text.Json;
using Strowger.Server.Cli;

namespace Strowger.Server.Backup;

/// <summary>One file of a backup.</summary>
/// <param name="Path">In the data directory, with slashes.</param>
/// <param name="Sha256">Of its content, in hex: its name in the store too.</param>
/// <param name="Bytes">Octets kept: of the journal's last segment only those up to the end.</param>
/// <param name="SourceBytes">Octets the file had.</param>
/// <param name="SourceTicks">When it was last written, in ticks of UTC: unchanged means that the next backup need not read it.</param>
internal sealed record BackupEntry(string Path, string Sha256, long Bytes, long SourceBytes, long SourceTicks)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("path"u8, Path);
        json.WriteString("sha256"u8, Sha256);
        json.WriteNumber("bytes"u8, Bytes);
        json.WriteNumber("source_bytes"u8, SourceBytes);
        json.WriteNumber("source_ticks"u8, SourceTicks);
        json.WriteEndObject();
    }

    /// <exception cref="CliException">A path that leads out of the data directory, or a name that is no checksum.</exception>
    public static BackupEntry Read(JsonElement json)
    {
        var entry = new BackupEntry(
            json.GetProperty("path").GetString()!,
            json.GetProperty("sha256").GetString()!,
            json.GetProperty("bytes").GetInt64(),
            json.GetProperty("source_bytes").GetInt64(),
            json.GetProperty("source_ticks").GetInt64());
        var isInside = entry.Path.Length > 0 && !entry.Path.StartsWith('/') && !entry.Path.Split('/').Any(static part => part is "" or "." or "..");
        return isInside && entry.Sha256.Length == 64 && entry.Sha256.All(char.IsAsciiHexDigitLower)
            ? entry
            : throw new CliException($"The manifest names a file that cannot be: '{entry.Path}'.");
    }
}

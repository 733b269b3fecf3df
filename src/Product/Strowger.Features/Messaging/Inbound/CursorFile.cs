using System.Globalization;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>A policy's place in the log, as a number in a small file. An older number is harmless: what was done is not done again.</summary>
internal sealed class CursorFile(string path)
{
    /// <summary>Null when there is none, or none that can be read.</summary>
    public long? Read()
    {
        try
        {
            return long.TryParse(File.ReadAllText(path), NumberStyles.None, CultureInfo.InvariantCulture, out var cursor) ? cursor : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The disk is full or the directory may not be written.</exception>
    public void Write(long cursor)
    {
        var temporary = path + ".tmp";
        File.WriteAllText(temporary, cursor.ToString(CultureInfo.InvariantCulture));
        File.Move(temporary, path, overwrite: true);
    }
}

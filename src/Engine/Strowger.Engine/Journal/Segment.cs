using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Journaling;

/// <summary>One segment file. It holds the positions from <see cref="Base"/> to the base of the next segment.</summary>
internal sealed class Segment(long basePosition, string path, long fileBytes, long createdMs)
{
    public const string Extension = ".seg";

    public Segment(string directory, long basePosition, long fileBytes, long createdMs)
        : this(basePosition, System.IO.Path.Combine(directory, NameOf(basePosition)), fileBytes, createdMs)
    {
    }

    public long Base { get; } = basePosition;

    public string Path { get; } = path;

    public long FileBytes { get; } = fileBytes;

    /// <summary>Unix milliseconds; 0 until the header has been read.</summary>
    public long CreatedMs { get; set; } = createdMs;

    /// <summary>Open for reading, or null; owned by the <see cref="SegmentTable"/>.</summary>
    public SafeFileHandle? Reading { get; set; }

    public long LastUsed { get; set; }

    /// <summary>The first position the file has no room for.</summary>
    public long Limit => Base + Math.Max(0, FileBytes - SegmentHeader.Bytes);

    public static long OffsetOf(long position, long basePosition) => SegmentHeader.Bytes + (position - basePosition);

    public static string NameOf(long basePosition) => basePosition.ToString("x16", CultureInfo.InvariantCulture) + Extension;

    /// <summary>Reads a name such as 0000000004000000.seg; other files in the directory are not ours.</summary>
    public static bool TryParseName(string fileName, out long basePosition)
    {
        basePosition = 0;
        return fileName.Length == 16 + Extension.Length && fileName.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(fileName.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out basePosition)
            && basePosition >= 0 && basePosition % RecordFormat.Alignment == 0;
    }
}

/// <summary>One segment file as seen from outside.</summary>
/// <param name="Base">The first position it holds.</param>
/// <param name="End">The position after the last it holds.</param>
/// <param name="FileBytes">Bytes it takes on disk.</param>
/// <param name="CreatedMs">When it was begun, Unix milliseconds; 0 when its header is damaged. Its last record is no newer than the next segment's.</param>
public sealed record SegmentInfo(long Base, long End, long FileBytes, long CreatedMs);

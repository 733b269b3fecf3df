using Strowger.Engine.Journaling;

namespace Strowger.Engine.Inspection;

/// <summary>A segment's file, wherever it lies and whatever it is called there.</summary>
/// <param name="Base">The position it begins at.</param>
/// <param name="Path">The file.</param>
public sealed record SegmentSource(long Base, string Path)
{
    /// <summary>Octets before the first record of every segment.</summary>
    public const int HeaderBytes = SegmentHeader.Bytes;

    /// <summary>The name it has in a journal's directory.</summary>
    public string Name => Segment.NameOf(Base);

    /// <summary>The segments of a journal's directory in order.</summary>
    public static IReadOnlyList<SegmentSource> List(string directory)
    {
        List<SegmentSource> found = [];
        foreach (var path in Directory.EnumerateFiles(directory, "*" + Segment.Extension))
        {
            if (Segment.TryParseName(System.IO.Path.GetFileName(path), out var basePosition))
            {
                found.Add(new SegmentSource(basePosition, path));
            }
        }

        found.Sort(static (a, b) => a.Base.CompareTo(b.Base));
        return found;
    }

    /// <summary>Whether a file's name is a segment's, and which.</summary>
    public static bool TryParseName(string name, out long basePosition) => Segment.TryParseName(name, out basePosition);
}

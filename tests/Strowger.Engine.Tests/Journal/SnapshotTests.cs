using Strowger.Engine.Journaling;
using static Strowger.Engine.Tests.Journaling.JournalFixture;

namespace Strowger.Engine.Tests.Journaling;

/// <summary>Directories written by every version of the format (snapshots/vN) stay readable.</summary>
public class SnapshotTests
{
    private static readonly int[] Lengths = [0, 1, 7, 8, 9, 100, 1000, 3000];

    [Fact]
    public async Task Version_1_is_read()
    {
        using JournalFixture f = new(segmentBytes: 8192, maxRecordBytes: 3000);
        foreach (string file in Files())
        {
            File.Copy(file, Path.Combine(f.Directory, Path.GetFileName(file)));
        }

        await using Journal journal = f.Open();
        Check(journal);
        Assert.Empty(f.Incidents);
    }

    [Fact]
    public async Task What_is_written_today_is_version_1_to_the_byte()
    {
        using JournalFixture f = new(segmentBytes: 8192, maxRecordBytes: 3000);
        await using (Journal journal = f.Open())
        {
            for (int i = 0; i < 2 * Lengths.Length; i++)
            {
                journal.Append((byte)(i + 1), Bytes(i), 1_700_000_000_000 + i);
                journal.Write();
            }

            Check(journal);
        }

        string[] expected = Files();
        Assert.Equal(expected.Select(Path.GetFileName), Directory.GetFiles(f.Directory, "*.seg").Order(StringComparer.Ordinal).Select(Path.GetFileName));
        foreach (string file in expected)
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(f.Directory, Path.GetFileName(file))));
        }
    }

    private static string[] Files() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Journal", "snapshots", "v1"), "*.seg").Order(StringComparer.Ordinal)];

    private static byte[] Bytes(int i) => [.. Enumerable.Range(0, Lengths[i % Lengths.Length]).Select(n => (byte)(n * 31 + i))];

    private static void Check(Journal journal)
    {
        var all = ReadAll(journal);
        Assert.Equal(2 * Lengths.Length, all.Count);
        for (int i = 0; i < all.Count; i++)
        {
            Assert.Equal((byte)(i + 1), all[i].Type);
            Assert.Equal(1_700_000_000_000 + i, all[i].TimeMs);
            Assert.Equal(Bytes(i), all[i].Payload);
        }
    }
}

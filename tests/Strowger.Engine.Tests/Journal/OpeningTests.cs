using Strowger.Engine.Journaling;
using static Strowger.Engine.Tests.Journaling.JournalFixture;

namespace Strowger.Engine.Tests.Journaling;

public class OpeningTests
{
    [Fact]
    public async Task A_directory_in_use_is_refused_in_words()
    {
        using JournalFixture f = new();
        await using Journal journal = f.Open();
        JournalException e = Assert.Throws<JournalException>(f.Open);
        Assert.Contains("in use", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_format_is_refused_naming_both_versions()
    {
        using JournalFixture f = new();
        await using (Journal journal = f.Open())
        {
            Fill(journal, 3);
        }

        byte[] header = new byte[SegmentHeader.Bytes];
        new SegmentHeader(7, 0, 0).Write(header);
        Overwrite(f.LastSegment(), 0, header);
        JournalException e = Assert.Throws<JournalException>(f.Open);
        Assert.Contains("version 7", e.Message, StringComparison.Ordinal);
        Assert.Contains("version 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renamed_segment_is_refused_and_a_damaged_header_is_not()
    {
        using JournalFixture f = new();
        List<long> positions;
        await using (Journal journal = f.Open())
        {
            positions = Fill(journal, 10);
        }

        string other = Path.Combine(f.Directory, Segment.NameOf(4096));
        File.Move(f.LastSegment(), other);
        Assert.Contains("renamed", Assert.Throws<JournalException>(f.Open).Message, StringComparison.Ordinal);
        File.Move(other, Path.Combine(f.Directory, Segment.NameOf(0)));
        Overwrite(f.LastSegment(), 9, [0xFF]);
        await using (Journal journal = f.Open())
        {
            AssertNumbered(journal, positions);
        }

        Assert.Equal(JournalIncidentKind.DamagedHeader, Assert.Single(f.Incidents).Kind);
    }

    [Fact]
    public async Task A_missing_segment_is_reported_and_the_rest_is_read()
    {
        using JournalFixture f = new();
        List<long> positions;
        long gapBegin;
        long gapEnd;
        await using (Journal journal = f.Open())
        {
            positions = Fill(journal, 4000);
            journal.Write();
            gapBegin = journal.Segments[1].Base;
            gapEnd = journal.Segments[2].Base;
        }

        File.Delete(Path.Combine(f.Directory, Segment.NameOf(gapBegin)));
        await using (Journal journal = f.Open())
        {
            Assert.Equal(JournalIncidentKind.MissingSegment, Assert.Single(f.Incidents).Kind);
            Assert.Equal(positions.Where(p => p < gapBegin || p >= gapEnd), ReadAll(journal).Select(r => r.Position));
            JournalIncident damage = Assert.Single(f.Of(JournalIncidentKind.Damage));
            Assert.Equal(gapEnd, damage.Position + damage.Length);
        }
    }

    [Fact]
    public void Mistakes_in_the_options_are_reported_together()
    {
        JournalOptions options = new() { Directory = " ", SegmentBytes = 100, MaxOpenSegments = 0 };
        JournalException e = Assert.Throws<JournalException>(() => Journal.Open(options, TimeProvider.System));
        Assert.Contains("Directory", e.Message, StringComparison.Ordinal);
        Assert.Contains("SegmentBytes", e.Message, StringComparison.Ordinal);
        Assert.Contains("MaxOpenSegments", e.Message, StringComparison.Ordinal);
    }

    internal static void Overwrite(string path, long offset, ReadOnlySpan<byte> bytes)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(file, bytes, offset);
    }
}

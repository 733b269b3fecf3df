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
    public async Task Directories_are_made_and_files_that_are_not_ours_left_alone()
    {
        using JournalFixture f = new();
        f.Options = f.Options with { Directory = Path.Combine(f.Directory, "a", "b") };
        await f.Open().DisposeAsync();
        string other = Path.Combine(f.Options.Directory, "notes.seg");
        await File.WriteAllTextAsync(other, "mine", TestContext.Current.CancellationToken);
        for (int i = 0; i < 2; i++)
        {
            await using Journal journal = f.Open();
            Fill(journal, 1);
        }

        Assert.Equal("mine", await File.ReadAllTextAsync(other, TestContext.Current.CancellationToken));
        Assert.Empty(f.Incidents);
    }

    [Fact]
    public async Task Segments_may_be_made_larger_or_smaller_between_runs()
    {
        using JournalFixture f = new();
        List<long> positions = [];
        foreach (int kib in new[] { 64, 16, 128, 16 })
        {
            f.Options = f.Options with { SegmentBytes = kib * 1024 };
            await using Journal journal = f.Open();
            positions.AddRange(Fill(journal, 700, first: positions.Count));
            f.Storage.FailSyncs = 1;
            await journal.WaitDurableAsync(journal.End, TestContext.Current.CancellationToken);
            positions.AddRange(Fill(journal, 300, first: positions.Count));
        }

        await using Journal last = f.Open();
        AssertNumbered(last, positions);
        Assert.Empty(f.Of(JournalIncidentKind.Damage));
        Assert.Empty(f.Of(JournalIncidentKind.MissingSegment));
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

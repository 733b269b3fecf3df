using Strowger.Engine.Journaling;
using static Strowger.Engine.Tests.Journaling.JournalFixture;

namespace Strowger.Engine.Tests.Journaling;

public class DamageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_last_record_torn_at_any_byte_is_cut_and_leaves_nothing_behind(bool garbageFollows)
    {
        using JournalFixture f = new();
        List<long> positions = await WriteAsync(f, 12);
        string path = f.LastSegment();
        byte[] whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        int last = (int)Segment.OffsetOf(positions[^1], 0);
        for (int kept = 0; kept < 64; kept++)
        {
            byte[] torn = (byte[])whole.Clone();
            torn.AsSpan(last + kept).Clear();
            if (garbageFollows)
            {
                new Random(kept).NextBytes(torn.AsSpan(last + kept, 300));
            }

            await File.WriteAllBytesAsync(path, torn, TestContext.Current.CancellationToken);
            f.ForgetIncidents();
            await using (Journal journal = f.Open())
            {
                Assert.Equal(positions[^1], journal.End);
                AssertNumbered(journal, positions[..^1]);
                Assert.Equal(kept == 0 && !garbageFollows ? 0 : 1, f.Of(JournalIncidentKind.TornTail).Length);
                Assert.Equal(positions[^1], journal.Append(1, [], 5));
            }

            // Nothing of what was cut shows behind the shorter record.
            f.ForgetIncidents();
            await using (Journal journal = f.Open())
            {
                Assert.Equal(12, ReadAll(journal).Count);
                Assert.Empty(f.Incidents);
            }
        }
    }

    [Fact]
    public async Task A_bit_flipped_anywhere_costs_its_own_record_and_is_reported_with_its_position()
    {
        using JournalFixture f = new();
        List<long> positions = await WriteAsync(f, 40);
        string path = f.LastSegment();
        for (int bit = 0; bit < 40 * 64 * 8; bit += 127)
        {
            int offset = bit / 8;
            int hit = offset / 64;
            Flip(path, Segment.OffsetOf(offset, 0), bit);
            f.ForgetIncidents();
            Journal journal = f.Open();
            long[] read = [.. ReadAll(journal).Select(r => r.Position)];
            await journal.AbandonAsync();
            Assert.Equal(positions.Where((_, i) => i != hit), read);
            JournalIncident incident = Assert.Single(f.Incidents);
            Assert.Equal(positions[hit], incident.Position);
            if (hit == 39)
            {
                Assert.Equal(JournalIncidentKind.TornTail, incident.Kind);
                break;
            }

            Assert.Equal(JournalIncidentKind.Damage, incident.Kind);
            Assert.Equal(64, incident.Length);
            Flip(path, Segment.OffsetOf(offset, 0), bit);
        }
    }

    [Fact]
    public async Task Damage_in_an_older_segment_is_found_by_whoever_reads_it_and_told_once()
    {
        using JournalFixture f = new();
        List<long> positions = await WriteAsync(f, 3000);
        string path = Path.Combine(f.Directory, Segment.NameOf(0));
        byte[] zeros = new byte[4096];
        OpeningTests.Overwrite(path, Segment.OffsetOf(64 * 100, 0), zeros);
        OpeningTests.Overwrite(path, Segment.OffsetOf(64 * 300 + 20, 0), [1, 2, 3]);
        await using Journal journal = f.Open();
        Assert.Empty(f.Incidents);
        for (int i = 0; i < 2; i++)
        {
            JournalReader reader = journal.OpenReader(0);
            int count = 0;
            while (reader.TryRead(out _))
            {
                count++;
            }

            Assert.Equal(3000 - 64 - 1, count);
            Assert.Equal(4096 + 64, reader.SkippedBytes);
        }

        byte[] buffer = [];
        Assert.False(journal.TryRead(positions[300], ref buffer, out _));
        Assert.Equal([(64L * 100, 4096L), (64L * 300, 64L)], f.Incidents.Select(i => (i.Position, i.Length)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(SegmentHeader.Bytes)]
    [InlineData(SegmentHeader.Bytes + 10 * 64)]
    [InlineData(SegmentHeader.Bytes + 10 * 64 + 30)]
    public async Task A_file_cut_short_is_read_as_far_as_it_goes_and_written_no_further(int bytes)
    {
        using JournalFixture f = new();
        List<long> positions = await WriteAsync(f, 20);
        using (FileStream file = new(f.LastSegment(), FileMode.Open))
        {
            file.SetLength(bytes);
        }

        int left = Math.Max(0, (bytes - SegmentHeader.Bytes) / 64);
        await using (Journal journal = f.Open())
        {
            Assert.Equal(positions[left], journal.End);
            Fill(journal, 20 - left, first: left);
        }

        await using (Journal journal = f.Open())
        {
            AssertNumbered(journal, positions);
        }
    }

    [Fact]
    public void Random_segments_are_read_without_a_crash_or_a_hang()
    {
        Random random = new(20261120);
        MemoryStorage storage = new();
        byte[] good = new byte[1024];
        long deadline = Environment.TickCount64 + 2000;
        int inputs = 0;
        while (inputs < 200_000 && Environment.TickCount64 < deadline)
        {
            inputs++;
            int length = random.Next(16, 1024);
            byte[] content = new byte[SegmentHeader.Bytes + length];
            Span<byte> body = content.AsSpan(SegmentHeader.Bytes);
            int written = 0;
            int expected = 0;
            while (random.Next(8) != 0)
            {
                int payload = random.Next(100);
                int total = RecordFormat.TotalBytes(payload);
                if (written + total > length)
                {
                    break;
                }

                RecordFormat.Write(body.Slice(written, total), written, 1, good.AsSpan(0, payload), 0, RecordFormat.PayloadState(good.AsSpan(0, payload)));
                written += total;
                expected++;
            }

            random.NextBytes(body[written..]);
            bool broken = random.Next(2) == 0;
            for (int i = 0; broken && i < 3; i++)
            {
                body[random.Next(length)] = (byte)random.Next(256);
            }

            storage.Content = content;
            using SegmentTable table = new(storage, 1, _ => { });
            table.Add(new Segment("/", 0, content.Length, 0));
            RecordCursor cursor = new(table, 0, random.Next(24, 600));
            int records = 0;
            long before = -1;
            CursorStep step;
            while ((step = cursor.Next(length, out RecordView view)) != CursorStep.End)
            {
                Assert.True(cursor.Position > before && cursor.Position <= length);
                before = cursor.Position;
                records += step == CursorStep.Record ? 1 : 0;
            }

            Assert.True(broken ? records <= expected : records == expected);
        }

        TestContext.Current.SendDiagnosticMessage($"{inputs} random segments");
        Assert.True(inputs > 1000);
    }

    private static async Task<List<long>> WriteAsync(JournalFixture f, int count)
    {
        await using Journal journal = f.Open();
        return Fill(journal, count);
    }

    private static void Flip(string path, long offset, int bit)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        byte[] one = new byte[1];
        RandomAccess.Read(file, one, offset);
        one[0] ^= (byte)(1 << (bit % 8));
        RandomAccess.Write(file, one, offset);
    }
}

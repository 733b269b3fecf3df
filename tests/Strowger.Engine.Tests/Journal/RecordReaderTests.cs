using Strowger.Engine.Journaling;
using static Strowger.Engine.Tests.Journaling.JournalFixture;

namespace Strowger.Engine.Tests.Journaling;

public class RecordReaderTests
{
    [Fact]
    public async Task Neighbours_cost_one_read_a_block_in_several_places_at_once()
    {
        using JournalFixture f = new(segmentBytes: 4 * 1024 * 1024);
        await using Journal journal = f.Open();
        List<long> positions = Fill(journal, 40_000);
        journal.Write();
        RecordReader reader = new(journal, blocks: 4);
        for (int i = 0; i < 10_000; i++)
        {
            for (int place = 0; place < 4; place++)
            {
                int number = place * 10_000 + i;
                Assert.True(reader.TryRead(positions[number], out RecordView record));
                Assert.True(record.Payload.SequenceEqual(Payload(number)));
            }
        }

        // 640,000 bytes a place: 4 KiB, then 64 KiB at a time.
        Assert.InRange(reader.Reads, 40, 48);
    }

    [Fact]
    public async Task Any_order_and_any_length_from_disk_and_memory_gives_the_same_as_the_journal()
    {
        using JournalFixture f = new(segmentBytes: 512 * 1024, maxRecordBytes: 200_000);
        await using Journal journal = f.Open();
        Random random = new(3);
        List<(long Position, int Number, int Length)> written = [];
        RecordReader reader = new(journal, blocks: 3);
        for (int round = 0; round < 30; round++)
        {
            for (int i = 0; i < 20; i++)
            {
                int length = random.Next(4) switch { 0 => random.Next(200_000), 1 => random.Next(9000), _ => random.Next(200) };
                written.Add((journal.Append(1, Payload(written.Count, length), 0), written.Count, length));
            }

            if (round % 3 != 0)
            {
                journal.Write();
            }

            for (int i = 0; i < 60; i++)
            {
                var (position, number, length) = written[random.Next(written.Count)];
                Assert.True(reader.TryRead(position, out RecordView record));
                Assert.True(record.Payload.SequenceEqual(Payload(number, length)));
            }
        }

        Assert.False(reader.TryRead(journal.End, out _));
        journal.DeleteBefore(written[^1].Position);
        Assert.False(reader.TryRead(0, out _));
        Assert.Empty(f.Incidents);
    }
}

using System.Collections.Concurrent;
using System.Text;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Tests.Journaling;

/// <summary>A directory of its own, small segments, and every incident written down.</summary>
internal sealed class JournalFixture : IDisposable
{
    private readonly ConcurrentQueue<JournalIncident> _incidents = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public JournalFixture(int segmentBytes = 64 * 1024, int maxRecordBytes = 8 * 1024)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("journal-").FullName;
        Options = new JournalOptions
        {
            Directory = Directory,
            SegmentBytes = segmentBytes,
            MaxRecordBytes = maxRecordBytes,
            MaxUnsyncedBytes = 16 * 1024 * 1024,
            OnIncident = OnIncident,
        };
    }

    public string Directory { get; }

    public JournalOptions Options { get; set; }

    public ManualTime Time { get; } = new();

    public FaultyStorage Storage { get; } = new();

    public JournalIncident[] Incidents => [.. _incidents];

    public JournalIncident[] Of(JournalIncidentKind kind) => [.. _incidents.Where(i => i.Kind == kind)];

    public void ForgetIncidents() => _incidents.Clear();

    /// <summary>Returns when an incident, past or to come, is the one looked for.</summary>
    public async Task WaitForAsync(Func<JournalIncident, bool> wanted)
    {
        while (!_incidents.Any(wanted))
        {
            await _arrived.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public Task WaitForSpaceAsync(JournalSpace space) =>
        WaitForAsync(i => i.Kind == JournalIncidentKind.SpaceChanged && i.Message.EndsWith($"to {space}.", StringComparison.Ordinal));

    public Journal Open() => Journal.Open(Options, Time, Storage);

    public string LastSegment() => System.IO.Directory.GetFiles(Directory, "*.seg").Order(StringComparer.Ordinal).Last();

    public static byte[] Payload(int number, int length = 40)
    {
        byte[] bytes = new byte[length];
        new Random(number).NextBytes(bytes);
        Encoding.ASCII.GetBytes($"#{number} ".PadRight(8)).AsSpan(0, Math.Min(8, length)).CopyTo(bytes);
        return bytes;
    }

    /// <summary>Appends numbered records and returns their positions.</summary>
    public static List<long> Fill(Journal journal, int count, int length = 40, int first = 0)
    {
        List<long> positions = [];
        for (int i = first; i < first + count; i++)
        {
            positions.Add(journal.Append((byte)(i % 200), Payload(i, length), 1_000_000 + i));
        }

        return positions;
    }

    public static List<(long Position, byte Type, long TimeMs, byte[] Payload)> ReadAll(Journal journal, long from = 0)
    {
        List<(long, byte, long, byte[])> all = [];
        JournalReader reader = journal.OpenReader(Math.Max(from, journal.Begin));
        while (reader.TryRead(out RecordView record))
        {
            all.Add((record.Position, record.Type, record.TimeMs, record.Payload.ToArray()));
        }

        return all;
    }

    public static void AssertNumbered(Journal journal, IReadOnlyList<long> positions, int length = 40)
    {
        var all = ReadAll(journal);
        Assert.Equal(positions, all.Select(r => r.Position));
        for (int i = 0; i < all.Count; i++)
        {
            Assert.Equal(Payload(i, length), all[i].Payload);
            Assert.Equal((byte)(i % 200), all[i].Type);
            Assert.Equal(1_000_000 + i, all[i].TimeMs);
        }
    }

    private void OnIncident(JournalIncident incident)
    {
        _incidents.Enqueue(incident);
        _arrived.Release();
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}

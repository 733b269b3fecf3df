using System.Text;

namespace Strowger.Engine.Tests;

/// <summary>An engine in a directory of its own, with a clock to move, that can be killed and opened again.</summary>
internal sealed class EngineFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("strowger-engine-");

    public EngineFixture() => Engine = Open();

    public EngineTime Time { get; } = new();

    public JobEngine Engine { get; private set; }

    public List<string> Incidents { get; } = [];

    public Journaling.FaultyStorage Storage { get; } = new();

    public long SegmentBytes { get; init; } = 2 << 20;

    public string Path => _directory.FullName;

    public void Reopen() => Engine = Open();

    public async Task RestartAsync(bool kill)
    {
        if (kill)
        {
            await Engine.AbandonAsync();
        }
        else
        {
            await Engine.DisposeAsync();
        }

        Engine = Open();
    }

    public async Task<JobId> AddAsync(string body, Lane lane = Lane.Normal, string flow = "", string queue = "q", long dueMs = 0, long expiresMs = 0, int parts = 1, UInt128 key = default, ulong content = 0)
    {
        var result = await TryAddAsync(body, lane, flow, queue, dueMs, expiresMs, parts, key, content);
        Assert.True(result.IsAccepted, result.Status.ToString());
        return result.Id;
    }

    public ValueTask<EnqueueResult> TryAddAsync(string body, Lane lane = Lane.Normal, string flow = "", string queue = "q", long dueMs = 0, long expiresMs = 0, int parts = 1, UInt128 key = default, ulong content = 0) =>
        Engine.EnqueueAsync(new NewJob
        {
            Flow = Engine.Flow(queue, lane, flow),
            Body = Encoding.UTF8.GetBytes(body),
            DueMs = dueMs,
            ExpiresMs = expiresMs,
            Parts = parts,
            UniqueKey = key,
            UniqueContent = content,
        });

    public Stage Stage(StageOptions? options = null, string queue = "q") =>
        Engine.AddStage(options ?? new StageOptions { Name = "s", Width = 1000, UrgentSlots = 0 }, queue);

    public string BodyOf(in Lease lease)
    {
        var text = string.Empty;
        var buffer = new byte[64];
        Assert.True(Engine.Journal.TryRead(lease.BodyPosition, ref buffer, out var record));
        Assert.True(Strowger.Engine.Events.EnqueueRecord.TryRead(record.Payload, out var job));
        text = Encoding.UTF8.GetString(job.Body);
        return text;
    }

    public List<Lease> Take(Stage stage, int most = 1000)
    {
        var leases = new Lease[most];
        var count = stage.TryLease(leases);
        return [.. leases.Take(count)];
    }

    public List<string> Bodies(Stage stage, int most = 1000) => [.. Take(stage, most).Select(l => BodyOf(l))];

    public static int Complete(Stage stage, IEnumerable<Lease> leases, Outcome outcome, string data = "")
    {
        var batch = new CompletionBatch();
        foreach (var lease in leases)
        {
            batch.Add(lease.Id, lease.Token, outcome, Encoding.UTF8.GetBytes(data));
        }

        return stage.Complete(batch);
    }

    public void Pass(TimeSpan time)
    {
        Time.Advance(time);
        Engine.RunTimers();
    }

    public List<(EntryKind Kind, JobId Job, int Code, string Data)> Events(long from = 0)
    {
        var all = new List<(EntryKind, JobId, int, string)>();
        Engine.Journal.Write();
        var reader = EventReader.From(Engine, from, durableOnly: false);
        while (reader.ReadRecord((in EngineEvent e) => all.Add((e.Kind, e.Job, e.Code, Encoding.UTF8.GetString(e.Data)))))
        {
        }

        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private JobEngine Open() => JobEngine.Open(
        new EngineOptions { Directory = _directory.FullName, SegmentBytes = SegmentBytes, OnIncident = i => Incidents.Add(i.Message) },
        Time,
        new Random(1),
        Storage);
}

using System.Text;
using Strowger.Engine;
using Strowger.Features.Campaigns;
using Strowger.Features.Messaging;
using Strowger.Records.Campaigns;
using Strowger.Smpp.Text;

namespace Strowger.Features.Tests.Campaigns;

/// <summary>A wall clock to set, over the system's monotonic one.</summary>
internal sealed class WallClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 5, 18, 10, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Campaigns over a real engine and an intake that knows two queues: numbers that begin with 46 go to "a", others to "b".</summary>
internal sealed class CampaignFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("strowger-campaigns-");

    private CampaignFixture()
    {
    }

    public WallClock Clock { get; } = new();

    public JobEngine Engine { get; private set; } = null!;

    public CampaignService Campaigns { get; private set; } = null!;

    public Stage A { get; private set; } = null!;

    public Stage B { get; private set; } = null!;

    public Dictionary<string, double> Rates { get; } = new() { ["a"] = 100, ["b"] = 100 };

    public List<Exception> Failures { get; } = [];

    public string Database => Path.Combine(_directory.FullName, "campaigns", "campaigns.db");

    public static async Task<CampaignFixture> StartAsync()
    {
        var fixture = new CampaignFixture();
        await fixture.OpenAsync();
        return fixture;
    }

    public static CampaignSpec Spec(string text = "Hello {name}", double? rate = null, CampaignHours? hours = null) =>
        new() { Name = "test", From = "12345", Text = text, Rate = rate, Hours = hours };

    public static string Rows(int count, string prefix = "4670") => "to,name\n" + string.Concat(Enumerable.Range(0, count).Select(n => $"{prefix}{1_000_000 + n},N{n}\n"));

    public async Task<(CampaignScan? Scan, RequestError? Error)> ScanAsync(byte[] csv, CampaignSpec spec)
    {
        var (file, _) = await Campaigns.Files.ReceiveAsync(new MemoryStream(csv), CancellationToken.None);
        try
        {
            return await CampaignScan.RunAsync(file!.Path, spec, new TestDoor(this), CancellationToken.None);
        }
        finally
        {
            CampaignFiles.Drop(file!);
        }
    }

    public async Task<CampaignRecord> CreateAsync(string csv, CampaignSpec? spec = null)
    {
        spec ??= Spec();
        var (file, _) = await Campaigns.Files.ReceiveAsync(new MemoryStream(Encoding.UTF8.GetBytes(csv)), CancellationToken.None);
        var (scan, error) = await CampaignScan.RunAsync(file!.Path, spec, new TestDoor(this), CancellationToken.None);
        Assert.Null(error);
        var created = await Campaigns.CreateAsync(spec, file, scan!, "me", null);
        Assert.Null(created.Error);
        return created.Campaign!;
    }

    /// <summary>Turns of the runner until it has nothing more to do now.</summary>
    public async Task TurnAsync()
    {
        while (await Campaigns.Runner.TurnAsync(CancellationToken.None) == TurnEnd.More)
        {
        }
    }

    /// <summary>Bodies of what a stage hands out now; they are done.</summary>
    public List<string> Send(Stage stage, int most = 10_000)
    {
        var leases = new Lease[most];
        var count = stage.TryLease(leases);
        var batch = new CompletionBatch();
        var bodies = new List<string>();
        var buffer = new byte[256];
        foreach (var lease in leases.Take(count))
        {
            Assert.True(Engine.Journal.TryRead(lease.BodyPosition, ref buffer, out var record));
            Assert.True(Strowger.Engine.Events.EnqueueRecord.TryRead(record.Payload, out var job));
            bodies.Add(Encoding.UTF8.GetString(job.Body));
            batch.Add(lease.Id, lease.Token, Outcome.Done());
        }

        stage.Complete(batch);
        return bodies;
    }

    /// <summary>Sends and turns until nothing more comes.</summary>
    public async Task<List<string>> SendAllAsync(Stage stage)
    {
        var all = new List<string>();
        while (true)
        {
            await TurnAsync();
            var sent = Send(stage);
            if (sent.Count == 0)
            {
                return all;
            }

            all.AddRange(sent);
        }
    }

    public async Task KillAsync(Action? whileDown = null)
    {
        // Outcomes are with the kernel, as after a moment's life; what was sent is not in doubt here.
        Engine.Journal.Write();
        await Campaigns.DisposeAsync();
        await Engine.AbandonAsync();
        whileDown?.Invoke();
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Campaigns.DisposeAsync();
        await Engine.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task OpenAsync()
    {
        Engine = JobEngine.Open(new EngineOptions { Directory = _directory.FullName, SegmentBytes = 4 << 20 }, Clock, new Random(1));
        Campaigns = await CampaignService.OpenAsync(Engine, _directory.FullName, () => new TestDoor(this), Clock, Failures.Add);
        A = Engine.AddStage(new StageOptions { Name = "a", Width = 100_000, UrgentSlots = 0 }, "a");
        B = Engine.AddStage(new StageOptions { Name = "b", Width = 100_000, UrgentSlots = 0 }, "b");
    }

    private sealed class TestDoor(CampaignFixture fixture) : CampaignDoor
    {
        private byte[] _body = [];
        private string _queue = "";

        public override IReadOnlyList<string> Prefixes => ["46"];

        public override RequestError? Check(in TextFields fields, out CheckedText text)
        {
            text = default;
            if (!Msisdn.TryParse(fields.To.Trim((byte)' '), out var to, out var wrong))
            {
                return RequestError.Of("to", "invalid_number", Msisdn.Explain(wrong));
            }

            _queue = to.ToString().StartsWith("+46", StringComparison.Ordinal) ? "a" : "b";
            _body = [.. Encoding.UTF8.GetBytes(to + " "), .. fields.Text];
            text = new CheckedText(1 + (fields.Text.Length / 161), TextEncoding.Gsm7, _queue, _queue);
            return null;
        }

        public override void Add(JobBatch batch, string flow, ReadOnlySpan<byte> mark) =>
            batch.Add(new NewJob { Flow = fixture.Engine.Flow(_queue, Lane.Bulk, flow), Body = _body, Headers = mark });

        public override double RateOf(string queue) => fixture.Rates.GetValueOrDefault(queue);

        public override RequestError? CheckChannel(string name) => null;
    }
}

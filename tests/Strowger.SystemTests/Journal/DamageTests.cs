using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Journal;

/// <summary>
/// A journal as a power cut or a bad disk leaves it. The engine's own tests try every byte; here the whole server starts on some
/// of them, says what it found, and still has every other text.
/// </summary>
public sealed class DamageTests : IAsyncLifetime
{
    private const int Count = 40;
    private readonly TempDirectory _directory = new();
    private readonly int _port = Ports.Free();
    private readonly List<string> _ids = [];
    private string _config = "";

    private string Data => _directory.File("data");

    /// <summary>Forty texts, accepted one after the other, while the carrier is away; then kill -9.</summary>
    public async ValueTask InitializeAsync()
    {
        _config = _directory.Write("strowger.json", Config.Of(Config.Smpp("carrier", _port)));
        await using var server = await StrowgerProcess.StartAsync(Data, _config);
        using var api = server.Connect();
        for (var i = 1; i <= Count; i++)
        {
            _ids.Add((await api.PostAsync("/v1/messages", Texts.Line(i))).Expect(202).Id!);
        }

        server.Kill9();
    }

    [Fact]
    public async Task Torn_in_its_last_record()
    {
        var segment = await File.ReadAllBytesAsync(JournalFile.LastSegment(Data));
        var (at, _, payload) = JournalFile.Find(segment, Texts.Text(Count));
        foreach (var kept in (int[])[1, 7, 8, 20, 23, 24, 24 + (payload / 2)])
        {
            var torn = (byte[])segment.Clone();
            torn.AsSpan(at + kept).Clear();
            await CheckAsync($"torn-{kept}", torn, lost: Count, "TornTail");
        }
    }

    [Fact]
    public async Task Damaged_in_the_middle()
    {
        var segment = await File.ReadAllBytesAsync(JournalFile.LastSegment(Data));
        var (at, length, payload) = JournalFile.Find(segment, Texts.Text(Count / 2));

        // In the text, in the length, and all of it.
        foreach (var (name, from, octets) in ((string, int, int)[])[("payload", 24 + (payload / 2), 1), ("header", 4, 2), ("all", 0, length)])
        {
            var damaged = (byte[])segment.Clone();
            foreach (ref var octet in damaged.AsSpan(at + from, octets))
            {
                octet ^= 0x5A;
            }

            await CheckAsync(name, damaged, lost: Count / 2, "Damage");
        }
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts on the damaged journal: it is reported, one text is gone, the others are there and go out.</summary>
    private async Task CheckAsync(string name, byte[] segment, int lost, string said)
    {
        var data = _directory.File(name);
        DataCopy.Copy(Data, data);
        await File.WriteAllBytesAsync(JournalFile.LastSegment(data), segment);
        await using var server = await StrowgerProcess.StartAsync(data, _config);
        using var api = server.Connect();
        Assert.Contains(server.Log.All, l => l.Contains("Journal: " + said, StringComparison.Ordinal));
        for (var i = 1; i <= Count; i++)
        {
            var answer = await api.GetAsync($"/v1/messages/{_ids[i - 1]}");
            Assert.True(answer.Status == (i == lost ? 404 : 200), $"{name}: text {i}: {answer}");
        }

        await using var sim = await SimProcess.StartOnAsync(_port, "--key-by-token");
        var report = await sim.ReportAsync("the others have gone out", TimeSpan.FromSeconds(20), r => r.Distinct >= Count - 1);
        Assert.Equal((Count - 1, 0), (report.Distinct, report.Duplicates));

        // New ones are taken as ever.
        (await api.PostAsync("/v1/messages", Texts.Line(Count + 1))).Expect(202);
        await sim.ReportAsync("the new one too", TimeSpan.FromSeconds(20), r => r.Distinct == Count);
        server.Kill9();
        await server.RestartAsync();
        Assert.DoesNotContain(server.Log.All, l => said == "TornTail" && l.Contains(said, StringComparison.Ordinal));
    }
}

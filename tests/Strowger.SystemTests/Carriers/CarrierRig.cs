using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Carriers;

/// <summary>A server with a channel to a carrier that will have trouble, and another to one that will not.</summary>
internal sealed class CarrierRig : IAsyncDisposable
{
    private const string OtherPrefix = "4670";

    /// <summary>Parts a second until the trouble is over: so slow that trouble finds texts waiting, on a busy machine too.</summary>
    private const int SlowRate = 100;
    private readonly TempDirectory _directory = new();
    private int _others;

    private CarrierRig(SimProcess carrier, SimProcess other)
    {
        Carrier = carrier;
        Other = other;
    }

    public SimProcess Carrier { get; }

    public SimProcess Other { get; }

    public StrowgerProcess Server { get; private set; } = null!;

    public Api Api { get; private set; } = null!;

    /// <summary>Ids of the texts to the carrier that will have trouble.</summary>
    public ConcurrentBag<string> Ids { get; } = [];

    /// <param name="carrier">Options of the carrier that will have trouble.</param>
    /// <param name="port">Where the channel finds it; null is its own port.</param>
    /// <param name="channel">More settings of its channel.</param>
    public static async Task<CarrierRig> StartAsync(
        string[] carrier, Func<SimProcess, int>? port = null, params (string Key, JsonNode Value)[] channel)
    {
        var rig = new CarrierRig(
            await SimProcess.StartAsync(["--key-by-token", "--receipt-delay", "100ms", .. carrier]),
            await SimProcess.StartAsync("--key-by-token"));
        var config = rig._directory.Write("strowger.json", Config.Of(
            Config.Smpp(
                "troubled", port?.Invoke(rig.Carrier) ?? rig.Carrier.Port,
                [("Binds", 2), ("Window", 20), ("Rate", SlowRate), ("EnquireLink", "1s"), ("ResponseTimeout", "1s"), ("Prefixes", new JsonArray("46")), .. channel]),
            Config.Smpp("quiet", rig.Other.Port, ("Prefixes", new JsonArray("4670")))));
        rig.Server = await StrowgerProcess.StartAsync(rig._directory.File("data"), config);
        rig.Api = rig.Server.Connect();
        return rig;
    }

    /// <summary>Texts to the carrier that will have trouble, accepted when this returns; their ids are kept.</summary>
    public Task SendAsync(int first, int count) =>
        Parallel.ForEachAsync(Enumerable.Range(first, count), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (token, cancel) =>
            Ids.Add((await Api.PostAsync("/v1/messages", Texts.Line(token, "4673"), cancel: cancel)).Expect(202).Id!));

    /// <summary>Waits until the channel is in a state, with these words as the reason.</summary>
    public Task<JsonElement> StateAsync(TimeSpan patience, string state, string words = "") => Eventually.GetAsync(
        $"the channel is {state} with '{words}'", patience, () => Api.ChannelAsync("troubled"),
        c => c.GetProperty("state").GetString() == state
            && (words.Length == 0 || (c.GetProperty("reason").GetString() ?? "").Contains(words, StringComparison.Ordinal)));

    /// <summary>The other channel must not feel it: what is sent there now is there at once.</summary>
    public async Task OtherIsUnaffectedAsync()
    {
        const int Count = 100;
        var first = 1 + (Count * _others++);
        (await Api.BatchAsync(Texts.Lines(first, Count, OtherPrefix))).Expect(202);
        await Other.ReportAsync("the other carrier has its texts", TimeSpan.FromSeconds(10), r => r.Distinct == Count * _others);
    }

    /// <summary>Every text that was accepted for the troubled carrier is there; nothing waits any more.</summary>
    public async Task<SimReport> AllArrivedAsync(TimeSpan patience, int count)
    {
        await HurryAsync();
        var report = await Carrier.ReportAsync("every text has arrived", patience, r => r.Distinct >= count);
        Assert.Equal(count, report.Distinct);
        await SettledAsync(patience);
        return report;
    }

    /// <summary>Every text has a status that says the carrier has it.</summary>
    public async Task SettledAsync(TimeSpan patience)
    {
        await HurryAsync();
        await Api.EmptyAsync(patience);
        await Parallel.ForEachAsync(Ids, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (id, _) =>
            await Api.ReachesAsync(id, patience, "sent", "delivered"));
    }

    /// <summary>The trouble is over: what waits may leave as fast as it can.</summary>
    private async Task HurryAsync() => (await Api.PatchAsync("/v1/channels/troubled", """{"rate":2000}""")).Expect(200);

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        await Carrier.DisposeAsync();
        await Other.DisposeAsync();
        _directory.Dispose();
    }
}

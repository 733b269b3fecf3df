using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.SystemTests.Harness;
using Strowger.SystemTests.Peers;

namespace Strowger.SystemTests.Doors;

/// <summary>A server with the SMPP door open on a port that it keeps over restarts, before one simulated carrier.</summary>
internal sealed class DoorRig : IAsyncDisposable
{
    private readonly TempDirectory _directory;

    private DoorRig(TempDirectory directory, int port, StrowgerProcess server)
    {
        _directory = directory;
        Port = port;
        Server = server;
        Api = server.Connect();
    }

    public int Port { get; }

    public string PortText => Port.ToString(CultureInfo.InvariantCulture);

    public StrowgerProcess Server { get; }

    public Api Api { get; }

    public static Task<DoorRig> StartAsync(SimProcess carrier, JsonObject client, params (string Key, JsonNode Value)[] channel) => OpenAsync(carrier, client, null, channel);

    /// <param name="carrier">Behind the one channel.</param>
    /// <param name="client">Of the configuration file; null: none.</param>
    /// <param name="tls">Makes the door's certificate; null: in the clear.</param>
    /// <param name="channel">More of its settings.</param>
    public static async Task<DoorRig> OpenAsync(SimProcess carrier, JsonObject? client, Func<TempDirectory, PemFiles>? tls, params (string Key, JsonNode Value)[] channel)
    {
        var directory = new TempDirectory();
        var port = Ports.Free();
        var configuration = JsonNode.Parse(Config.Of(Config.Smpp("carrier", carrier.Port, channel)))!.AsObject();
        var smpp = new JsonObject { ["Listen"] = $"127.0.0.1:{port}", ["Clients"] = client is null ? [] : new JsonArray(client) };
        if (tls?.Invoke(directory) is { } pem)
        {
            (smpp["Certificate"], smpp["CertificateKey"]) = (pem.Certificate, pem.Key);
        }

        configuration["Smpp"] = smpp;
        var server = await StrowgerProcess.StartAsync(directory.File("data"), directory.Write("strowger.json", configuration.ToJsonString()));
        return new DoorRig(directory, port, server);
    }

    /// <summary>A client as the API shows it.</summary>
    public async Task<JsonElement> ClientAsync(string systemId) =>
        (await Api.GetAsync("/v1/smpp/clients")).Expect(200).Body.GetProperty("data").EnumerateArray().Single(c => c.GetProperty("system_id").GetString() == systemId);

    /// <summary>Waits until a count of a client is what it should be.</summary>
    public Task<long> CountAsync(string systemId, string count, TimeSpan patience, Func<long, bool> fits) =>
        Eventually.GetAsync($"{count} of {systemId}", patience, async () => (await ClientAsync(systemId)).GetProperty(count).GetInt64(), fits);

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Server.DisposeAsync();
        _directory.Dispose();
    }
}

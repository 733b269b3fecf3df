using System.Collections.Concurrent;
using System.Net;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Features.Tests.Messaging.Flow;
using Strowger.Smpp;

namespace Strowger.Features.Tests.Messaging.SmppDoor;

/// <summary>A door with one client, and a carrier behind it.</summary>
internal sealed class DoorRig : IAsyncDisposable
{
    private SmppDoorOptions _options = null!;
    private SmppDoorParts _door = null!;

    public TestCarrier Carrier { get; } = new();

    public FlowFixture Flow { get; } = new();

    public ConcurrentQueue<string> Refused { get; } = new();

    public SmppDoorParts Door => _door;

    public int Port => _door.EndPoint!.Port;

    public long Behind => _door.Projections[0].Behind;

    public static async Task<DoorRig> StartAsync(Func<DoorClientSettings, DoorClientSettings>? change = null)
    {
        var rig = new DoorRig();
        var client = new DoorClientSettings { SystemId = "gw", Password = "secret" };
        rig._options = new SmppDoorOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Clients = [change?.Invoke(client) ?? client] };
        await rig.OpenAsync();
        return rig;
    }

    public Esme Bind(string systemId = "gw", string password = "secret", byte version = 0x34, BindMode mode = BindMode.Transceiver) => new(Port, systemId, password, version, mode);

    public DoorClientInfo Client(string systemId) => _door.Clients.Single(client => client.Settings.SystemId == systemId);

    public async Task<(string To, byte[] Payload, byte EsmClass, byte Coding)> SubmittedAsync()
    {
        await FlowFixture.UntilAsync(() => !Carrier.Submits.IsEmpty);
        return Carrier.Submits.First();
    }

    public async Task RestartAsync()
    {
        await _door.DisposeAsync();
        await Flow.RestartAsync(kill: true);
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        await Flow.DisposeAsync();
        await Carrier.DisposeAsync();
    }

    private async Task OpenAsync()
    {
        await Flow.Channels.AddAsync(FlowFixture.Smpp(Carrier));
        _door = new SmppDoorParts(Flow.Messaging, _options, Flow.Path, (name, error) => Refused.Enqueue($"{name}: {error}"), (client, reason) => Refused.Enqueue($"{client}: {reason}"));
        _door.Open();
    }
}

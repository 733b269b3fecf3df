using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Strowger.Smpp;

namespace Strowger.Simulators.Tests;

/// <summary>A carrier running in this process, spoken to over real TCP and by control lines.</summary>
internal sealed class CarrierRun : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;
    private readonly List<SmppClient> _clients = [];

    private CarrierRun(CarrierSimulator carrier)
    {
        Carrier = carrier;
        Control = new CarrierControl(carrier);
        _task = carrier.RunAsync(TextWriter.Null, _stop.Token);
    }

    public CarrierSimulator Carrier { get; }

    public CarrierControl Control { get; }

    public static CarrierRun Start(CarrierSettings? settings = null, CarrierSimulatorOptions? options = null) =>
        new(new CarrierSimulator((options ?? new()) with { Settings = settings ?? new() }, TimeProvider.System));

    public JsonObject Execute(string line) => JsonNode.Parse(Control.Execute(line))!.AsObject();

    public JsonObject Report() => Execute("""{"cmd":"report"}""");

    /// <summary>A bound client, unless another state is awaited.</summary>
    public async Task<(SmppClient Client, Inbox Inbox)> BindAsync(
        BindState until = BindState.Bound, string systemId = "esme", Func<SmppClientOptions, SmppClientOptions>? change = null)
    {
        var inbox = new Inbox();
        var options = new SmppClientOptions { Host = "127.0.0.1", Port = Carrier.EndPoint!.Port, SystemId = systemId, Password = "pw", Window = 1000 };
        var client = new SmppClient(change?.Invoke(options) ?? options, inbox, TimeProvider.System, new Random(1));
        _clients.Add(client);
        client.Start();
        await inbox.UntilAsync(until.ToString());
        return (client, inbox);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        await _stop.CancelAsync();
        await _task;
        Carrier.Dispose();
        _stop.Dispose();
    }
}

/// <summary>Everything a client was told, in order.</summary>
internal sealed class Inbox : SmppClientHandler
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    public async Task<string> NextAsync() =>
        await _events.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public async Task<string> UntilAsync(string start)
    {
        while (true)
        {
            string next = await NextAsync();
            if (next.StartsWith(start, StringComparison.Ordinal))
            {
                return next;
            }
        }
    }

    public override void OnSubmitResponse(long tag, uint status, ReadOnlySpan<byte> messageId, ReadOnlySpan<byte> tlvs, bool late) =>
        Write($"response {tag} {CommandStatus.Name(status)} {Encoding.ASCII.GetString(messageId)}");

    public override void OnUnanswered(long tag, UnansweredReason reason) => Write($"unanswered {tag} {reason}");

    public override void OnDeliver(in DeliverSm pdu, DeliverHandle handle)
    {
        string id = pdu.Tlvs.TryGetReceiptedMessageId(out var tlv) ? Encoding.ASCII.GetString(tlv) : "-";
        Write($"deliver {pdu.EsmClass} {Encoding.ASCII.GetString(pdu.Source)}>{Encoding.ASCII.GetString(pdu.Destination)} [{id}] {Encoding.ASCII.GetString(pdu.ShortMessage)}");
        handle.Answer(CommandStatus.Ok);
    }

    public override void OnStateChanged(BindState state, string? reason, uint status) => Write(reason is null ? state.ToString() : $"{state}: {reason}");

    private void Write(string what) => _events.Writer.TryWrite(what);
}

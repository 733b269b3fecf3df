using System.Collections.Concurrent;
using System.Text;
using Strowger.Features.Tests.Messaging.Flow;
using Strowger.Smpp;

namespace Strowger.Features.Tests.Messaging.SmppDoor;

/// <summary>A client of the door.</summary>
internal sealed class Esme : SmppClientHandler, IAsyncDisposable
{
    private readonly SmppClient _client;
    private long _tag;

    public Esme(int port, string systemId = "gw", string password = "secret", byte version = 0x34, BindMode mode = BindMode.Transceiver)
    {
        _client = new SmppClient(
            new SmppClientOptions { Host = "127.0.0.1", Port = port, SystemId = systemId, Password = password, Window = 100, BindMode = mode, InterfaceVersion = version },
            this,
            TimeProvider.System,
            new Random(3));
        _client.Start();
    }

    /// <summary>What to answer to the n-th delivery, from 1; null: nothing.</summary>
    public Func<int, uint?> Answer { get; set; } = _ => 0u;

    public ConcurrentDictionary<long, (uint Status, string Id, byte[] Tlvs)> Answers { get; } = new();

    public ConcurrentQueue<(string From, string To, byte EsmClass, byte Coding, byte[] Data, byte[] Tlvs, byte FromTon)> Delivered { get; } = new();

    public SmppClient Client => _client;

    public Task BoundAsync() => FlowFixture.UntilAsync(() => _client.State == BindState.Bound);

    /// <summary>Sends one submit_sm and waits for its answer.</summary>
    public async Task<(uint Status, string Id, byte[] Tlvs)> SubmitAsync(
        string to = "46701234567", string from = "12345", byte[]? data = null, byte coding = 0, byte esmClass = 0, byte registered = 0, byte priority = 0,
        string validity = "", string schedule = "", byte[]? tlvs = null, byte fromTon = 0, byte protocol = 0)
    {
        await BoundAsync();
        var tag = Send();
        await FlowFixture.UntilAsync(() => Answers.ContainsKey(tag));
        return Answers[tag];

        long Send()
        {
            var pdu = new SubmitSm
            {
                Source = Encoding.Latin1.GetBytes(from),
                SourceTon = fromTon,
                Destination = Encoding.ASCII.GetBytes(to),
                DestinationTon = 1,
                DestinationNpi = 1,
                ShortMessage = data ?? "hello"u8,
                DataCoding = coding,
                EsmClass = esmClass,
                ProtocolId = protocol,
                RegisteredDelivery = registered,
                PriorityFlag = priority,
                ValidityPeriod = Encoding.ASCII.GetBytes(validity),
                ScheduleDeliveryTime = Encoding.ASCII.GetBytes(schedule),
                Tlvs = new Tlvs(tlvs),
            };
            var n = Interlocked.Increment(ref _tag);
            Assert.True(_client.TrySubmit(n, pdu));
            _client.Flush();
            return n;
        }
    }

    public override void OnSubmitResponse(long tag, uint status, ReadOnlySpan<byte> messageId, ReadOnlySpan<byte> tlvs, bool late) =>
        Answers[tag] = (status, Encoding.ASCII.GetString(messageId), tlvs.ToArray());

    public override void OnUnanswered(long tag, UnansweredReason reason)
    {
    }

    public override void OnDeliver(in DeliverSm pdu, DeliverHandle handle)
    {
        Delivered.Enqueue((Encoding.Latin1.GetString(pdu.Source), Encoding.Latin1.GetString(pdu.Destination), pdu.EsmClass, pdu.DataCoding, pdu.UserData.ToArray(), pdu.Tlvs.Bytes.ToArray(), pdu.SourceTon));
        if (Answer(Delivered.Count) is { } status)
        {
            handle.Answer(status);
        }
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}

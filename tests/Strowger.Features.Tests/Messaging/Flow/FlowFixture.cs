using System.Text;
using Strowger.Engine;
using Strowger.Engine.Journaling;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Sending;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;
using Strowger.Records.Receipts;

namespace Strowger.Features.Tests.Messaging.Flow;

/// <summary>Engine, channels and carrier as in the product, without the HTTP door.</summary>
internal sealed class FlowFixture : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("strowger-flow-");

    private readonly TimeProvider _time;

    private readonly JournalStorage? _storage;

    public FlowFixture(TimeProvider? time = null, JournalStorage? storage = null)
    {
        _time = time ?? TimeProvider.System;
        _storage = storage;
        Open();
    }

    public string Path => _directory.FullName;

    public JobEngine Engine { get; private set; } = null!;

    public ChannelSet Channels { get; private set; } = null!;

    public MessagingService Messaging { get; private set; } = null!;

    public ReceiptIndexStore Receipts { get; private set; } = null!;

    public static ChannelSettings Smpp(TestCarrier carrier, string name = "a") => new()
    {
        Name = name,
        Kind = "smpp",
        Host = "127.0.0.1",
        Port = carrier.Port,
        SystemId = "test",
        Password = "secret",
        Window = 10,
    };

    public async Task<MessageId> SendAsync(string to = "+46701234567", string text = "hello", string more = "", string account = "")
    {
        var result = await TrySendAsync(to, text, more, account: account);
        Assert.Null(result.Error);
        return result.Id;
    }

    public ValueTask<SendResult> TrySendAsync(string to = "+46701234567", string text = "hello", string more = "", string? key = null, string account = "")
    {
        var json = $$"""{"to":"{{to}}","from":"12345","text":"{{text}}"{{more}}}""";
        return Messaging.SendAsync(Encoding.UTF8.GetBytes(json), key is null ? default : IdempotencyKey.Of("test", key), dryRun: false, CancellationToken.None, account);
    }

    /// <summary>All events of the log so far.</summary>
    public void Read(EventHandling handle)
    {
        var reader = EventReader.From(Engine, 0);
        while (reader.ReadRecord(handle))
        {
        }
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, "waited 20 s");
            await Task.Yield();
        }
    }

    /// <summary>Follows the log until the message has the status.</summary>
    public async Task<MessageView> ReachesAsync(MessageId id, MessageStatus status)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            var view = Messaging.Find(id);
            if (view?.Status == status)
            {
                return view;
            }

            if (patience.IsCancellationRequested)
            {
                Assert.Fail($"{id} is {view?.Status}, not {status}: {string.Join(" | ", view?.Timeline.Select(t => t.Event + " " + t.Detail) ?? [])}");
            }

            await Engine.WaitDurableAsync(Engine.Journal.End, patience.Token);
            await Task.Yield();
        }
    }

    public async Task RestartAsync(bool kill)
    {
        if (kill)
        {
            await Engine.AbandonAsync();
            await Channels.StopAsync(TimeSpan.Zero);
        }
        else
        {
            await Channels.StopAsync(TimeSpan.FromSeconds(5));
            await Engine.DisposeAsync();
        }

        Receipts.Dispose();
        Channels.Dispose();
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Channels.StopAsync(TimeSpan.FromSeconds(1));
        await Engine.DisposeAsync();
        Channels.Dispose();
        Receipts.Dispose();
        _directory.Delete(recursive: true);
    }

    private void Open()
    {
        Engine = JobEngine.Open(new EngineOptions { Directory = _directory.FullName }, _time, new Random(1), _storage);
        Receipts = ReceiptIndexStore.Open(_directory.FullName, 7, _time);
        Channels = new ChannelSet(Engine, Receipts, _time, new Random(2));
        Messaging = new MessagingService(Engine, Channels, _time);
    }
}

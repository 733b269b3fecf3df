using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Features.Tests.Messaging.Flow;
using Strowger.Features.Tests.Notifications;
using Strowger.Records.Inbound;
using Strowger.Records.Settings;

namespace Strowger.Features.Tests.Messaging.Inbound;

/// <summary>A text from the carrier to the list and to its receiver.</summary>
public sealed class InboundFlowTests
{
    private const string Phone = "46709999999";
    private const string Queue = "webhooks";
    private const int Width = 20;
    private const int PerHost = 5;

    [Fact]
    public async Task A_text_is_listed_and_posted_once()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var f = new FlowFixture();
        await using var inbound = await StartAsync(f, carrier, receiver.Url + "/in?x=1");
        await TextAsync(f, carrier, "STOP");
        await UntilAsync(() => receiver.Posts.Count == 1 && inbound.Store.List(new InboundFilter()).Rows.Count == 1);
        var row = inbound.Store.List(new InboundFilter { From = "+" + Phone }).Rows.Single();
        Assert.Equal(("a", Phone, "12345", "STOP", 1), (row.Channel, row.From, row.To, row.Text, row.Parts));
        var post = receiver.Posts.Single();
        Assert.Equal("/in?x=1", post.Path);
        Assert.StartsWith("application/json", post.ContentType, StringComparison.Ordinal);
        Assert.Equal(InboundId.Of(new EventPosition(row.Position)), post.Id);
        Assert.InRange(long.Parse(post.Timestamp), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        var json = post.Json;
        Assert.Equal(post.Id, (string?)json["id"]);
        Assert.Equal(("inbound.received", "a", Phone, "12345", "STOP"), (post.Type, (string?)json["channel"], (string?)json["from"], (string?)json["to"], (string?)json["text"]));
        Assert.False(json.ContainsKey("part"));
        Assert.EndsWith("Z", (string?)json["received_at"], StringComparison.Ordinal);
        await DoneAsync(f, 1);
        Assert.Single(receiver.Posts);
    }

    [Fact]
    public async Task A_text_is_told_to_every_webhook_that_wants_it_each_signed_with_its_own_secret()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var f = new FlowFixture();
        await using var rig = await StartAsync(f, carrier, receiver.Url + "/channel");
        var secret = rig.Webhooks.Webhooks.Add(receiver.Url + "/webhook", ["inbound.received"], "", "test")!.Secret;
        rig.Webhooks.Webhooks.Add(receiver.Url + "/other", ["message.*"], "", "test");
        await TextAsync(f, carrier, "STOP");
        await DoneAsync(f, 2);
        Assert.Equal(["/channel", "/webhook"], receiver.Posts.Select(p => p.Path).Order());
        var (own, told) = (receiver.Posts.Single(p => p.Path == "/channel"), receiver.Posts.Single(p => p.Path == "/webhook"));
        Assert.True(own.IsSignedWith(rig.Webhooks.Webhooks.ServerSecret) && told.IsSignedWith(secret));
        Assert.Equal(own.Id, told.Id);
        Assert.Equal(("STOP", "STOP"), ((string?)own.Json["text"], (string?)told.Json["data"]!["text"]));
    }

    [Fact]
    public async Task A_post_is_tried_again_until_it_is_taken_and_a_refusal_for_good_ends_it()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = n => n switch { 1 => 500, 2 => 429, 3 => 302, 4 => 204, _ => 410 };
        await using var f = new FlowFixture();
        await using var inbound = await StartAsync(f, carrier, receiver.Url);
        await TextAsync(f, carrier, "one");
        await DoneAsync(f, 1);
        Assert.Equal(4, receiver.Posts.Count);
        Assert.Single(receiver.Posts.Select(p => p.Id).Distinct());
        Assert.DoesNotContain(receiver.Posts, p => p.Path == "/elsewhere");
        await TextAsync(f, carrier, "two");
        await UntilAsync(() => f.Engine.GetQueue(Queue)?.DeadTotal == 1);
        Assert.Equal(5, receiver.Posts.Count);
    }

    [Fact]
    public async Task Loopback_and_private_receivers_are_refused_unless_allowed()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var f = new FlowFixture();
        await using var inbound = await StartAsync(f, carrier, receiver.Url, allowPrivate: false);
        await TextAsync(f, carrier, "by address");
        await UntilAsync(() => f.Engine.GetQueue(Queue)?.DeadTotal == 1);
        await f.Channels.ChangeAsync(f.Channels.Find("a")!.Settings with { InboundUrl = receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) });
        await TextAsync(f, carrier, "by name");
        await UntilAsync(() => f.Engine.GetQueue(Queue)?.DeadTotal == 2);
        Assert.Empty(receiver.Posts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waits_for_its_receiver_at_a_stop_or_a_kill_is_posted_after_it(bool kill)
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        var isDown = true;
        receiver.Answer = _ => isDown ? 503 : 200;
        await using var f = new FlowFixture();
        await using (await StartAsync(f, carrier, receiver.Url))
        {
            await TextAsync(f, carrier, "one");
            await UntilAsync(() => receiver.Posts.Count > 1);
            await TextAsync(f, carrier, "two");
        }

        await f.RestartAsync(kill);
        isDown = false;
        await using var inbound = await StartAsync(f, carrier, receiver.Url);
        await UntilAsync(() => f.Engine.GetQueue(Queue) is { Live: 0, DoneTotal: 2 });
        Assert.Equal(2, receiver.Posts.Select(p => p.Id).Distinct().Count());
        Assert.Equal(["one", "two"], receiver.Posts.Select(p => (string?)p.Json["text"]).Distinct().Order());
        Assert.Equal(2, inbound.Store.List(new InboundFilter()).Rows.Count);
    }

    [Fact]
    public async Task Without_its_cursor_nothing_is_posted_a_second_time()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var f = new FlowFixture();
        await using (await StartAsync(f, carrier, receiver.Url))
        {
            await TextAsync(f, carrier, "one");
            await DoneAsync(f, 1);
        }

        await f.RestartAsync(kill: true);
        File.Delete(Path.Combine(f.Path, "inbound-posted.cursor"));
        await using var inbound = await StartAsync(f, carrier, receiver.Url);
        await TextAsync(f, carrier, "two");
        await DoneAsync(f, 1);
        Assert.Equal(["one", "two"], receiver.Posts.Select(p => (string?)p.Json["text"]));
    }

    [Fact]
    public async Task Parts_are_joined_over_a_restart_and_a_part_alone_is_given_up_after_ten_minutes()
    {
        var time = new ShiftedTime();
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var f = new FlowFixture(time);
        await using (await StartAsync(f, carrier, receiver.Url))
        {
            await BoundAsync(f, carrier);
            TestCarrier.Part(carrier.Session, Phone, "world", 7, 2, 2);
            await TextAsync(f, carrier, "between");
            await DoneAsync(f, 1);
        }

        await f.RestartAsync(kill: true);
        await using var inbound = await StartAsync(f, carrier, receiver.Url);
        await BoundAsync(f, carrier);
        Assert.Equal(2, inbound.Store.List(new InboundFilter()).Rows.Count);
        TestCarrier.Part(carrier.Session, Phone, "hello ", 7, 2, 1);
        await UntilAsync(() => receiver.Posts.Any(p => (string?)p.Json["text"] == "hello world"));
        await UntilAsync(() => inbound.Store.List(new InboundFilter()).Rows is [{ Text: "hello world", Part: 0, Parts: 2 }, { Text: "between" }]);

        TestCarrier.Part(carrier.Session, Phone, "alone", 8, 2, 1);
        await UntilAsync(() => inbound.Store.List(new InboundFilter()).Rows is [{ Text: "alone", Part: 1 }, ..]);
        time.Shift = InboundLimits.JoinTime + TimeSpan.FromMinutes(1);
        await UntilAsync(() =>
        {
            inbound.Tick((_, e) => throw e);
            return receiver.Posts.Any(p => (string?)p.Json["text"] == "alone" && (int?)p.Json["part"] == 1);
        });
        Assert.Equal(3, receiver.Posts.Count);
    }

    [Fact]
    public async Task Parts_by_sar_are_joined_payloads_are_whole_and_the_carriers_own_parameters_are_kept()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var f = new FlowFixture();
        await using var inbound = await StartAsync(f, carrier, receiver.Url);
        await BoundAsync(f, carrier);
        byte[] Sar(byte part) => [2, 12, 0, 2, 0x12, 0x34, 2, 14, 0, 1, 2, 2, 15, 0, 1, part];
        TestCarrier.WithTlvs(carrier.Session, Phone, "world", Sar(2));
        TestCarrier.WithTlvs(carrier.Session, Phone, "hello ", [.. Sar(1), 0x14, 0, 0, 2, 0xAB, 0xCD]);
        await UntilAsync(() => inbound.Store.List(new InboundFilter()).Rows is [{ Text: "hello world", Part: 0, Parts: 2, Tlvs: "14000002abcd" }]);
        await UntilAsync(() => receiver.Posts.Any(p => (string?)p.Json["text"] == "hello world" && (string?)p.Json["tlvs"]!["0x1400"] == "abcd"));

        // message_payload is text and no parameter of the carrier's own; what is more than is kept is left out.
        TestCarrier.WithTlvs(carrier.Session, Phone, "", [4, 36, 0, 5, .. "whole"u8, 0x15, 0, 0x04, 0, .. new byte[1024], 0x16, 0, 0, 1, 7]);
        await UntilAsync(() => inbound.Store.List(new InboundFilter()).Rows is [{ Text: "whole", Parts: 1, Tlvs: "1600000107" }, ..]);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_holds_up_no_other()
    {
        await using var a = new TestCarrier();
        await using var b = new TestCarrier();
        await using var slow = await WebhookReceiver.StartAsync();
        await using var fast = await WebhookReceiver.StartAsync();
        var stuck = new TaskCompletionSource();
        slow.Before = _ => stuck.Task;
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(b, "b") with { InboundUrl = fast.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) });
        await using var inbound = await StartAsync(f, a, slow.Url);
        for (var i = 0; i < Width * 2; i++)
        {
            await TextAsync(f, a, $"slow {i}");
        }

        await UntilAsync(() => slow.Posts.Count == PerHost);
        await TextAsync(f, b, "fast");
        await UntilAsync(() => !fast.Posts.IsEmpty);
        Assert.Equal(PerHost, slow.Posts.Count);
        stuck.SetResult();
        await DoneAsync(f, 1 + (Width * 2));
    }

    private static async Task<Rig> StartAsync(FlowFixture f, TestCarrier carrier, string url, bool allowPrivate = true)
    {
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier) with { InboundUrl = url });
        var options = new WebhookOptions { AllowPrivate = allowPrivate, FirstRetry = TimeSpan.FromMilliseconds(20), LastRetry = TimeSpan.FromMilliseconds(200), Width = Width, PerHost = PerHost };
        return new Rig(f, options);
    }

    /// <summary>Texts received and the way out for them, as the product puts them together.</summary>
    private sealed class Rig : IAsyncDisposable
    {
        private readonly SettingsStore _settings;
        private readonly InboundParts _inbound;

        public Rig(FlowFixture f, WebhookOptions options)
        {
            string? UrlOf(string channel) => f.Channels.Find(channel)?.Settings.InboundUrl;
            _settings = SettingsStore.Open(f.Path, TimeProvider.System);
            Webhooks = WebhookParts.Open(f.Engine, _settings, f.Path, options);
            Webhooks.Start(UrlOf, (name, e) => Assert.Fail($"{name}: {e}"));
            _inbound = InboundParts.Open(f.Path, 7, TimeProvider.System);
            _inbound.Start(f.Engine, Webhooks.InboundOutlet(UrlOf), (name, e) => Assert.Fail($"{name}: {e}"));
        }

        public WebhookParts Webhooks { get; }

        public InboundStore Store => _inbound.Store;

        public void Tick(Action<string, Exception> onFailed) => _inbound.Tick(onFailed);

        public async ValueTask DisposeAsync()
        {
            await _inbound.DisposeAsync();
            await Webhooks.DisposeAsync();
            _settings.Dispose();
        }
    }

    private static async Task TextAsync(FlowFixture f, TestCarrier carrier, string text)
    {
        await BoundAsync(f, carrier);
        var before = carrier.DeliverAnswers.Count;
        TestCarrier.Text(carrier.Session, Phone, text);
        await UntilAsync(() => carrier.DeliverAnswers.Count > before);
    }

    /// <summary>The session of before a restart is gone, that of after it is there.</summary>
    private static Task BoundAsync(FlowFixture f, TestCarrier carrier) => UntilAsync(() =>
        carrier.Sessions.Count(s => s.IsBound) == 1 && f.Channels.All.All(c => c.Binds.All(b => b.State == "bound")));

    private static Task DoneAsync(FlowFixture f, long count) => UntilAsync(() => f.Engine.GetQueue(Queue)?.DoneTotal == count);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, "waited 20 s");
            await Task.Yield();
        }
    }
}

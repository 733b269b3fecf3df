using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Features.Tests.Messaging.Flow;
using Strowger.Records.Messages;
using Strowger.Records.Settings;
using Strowger.Records.Webhooks;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Tests.Notifications;

/// <summary>From a text's fate to a signed post.</summary>
public sealed class WebhookFlowTests
{
    private static readonly WebhookOptions _options = new()
    {
        AllowPrivate = true,
        FirstRetry = TimeSpan.FromMilliseconds(20),
        LastRetry = TimeSpan.FromMilliseconds(200),
        PerHost = 4,
        Width = 16,
    };

    [Fact]
    public async Task Each_new_status_is_posted_signed_and_logged()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var rig = await Rig.StartAsync(carrier);
        var all = rig.Add(receiver.Url + "/all", "message.*");
        rig.Add(receiver.Url + "/failures", "message.undelivered", "message.failed");

        var good = await rig.SendAsync(",\"reference\":\"order 7\"");
        await TakenAsync(receiver, "message.sent", good);
        TestCarrier.Receipt(carrier.Session, "C000001", ReceiptState.Delivered, "46701234567");
        await TakenAsync(receiver, "message.delivered", good);
        var bad = await rig.SendAsync();
        await TakenAsync(receiver, "message.sent", bad);
        TestCarrier.Receipt(carrier.Session, "C000002", ReceiptState.Undeliverable, "46701234567");
        await Until.TrueAsync(() => receiver.Posts.Count == 5);

        var post = receiver.Posts.Single(p => p.Type == "message.delivered");
        Assert.Equal("/all", post.Path);
        Assert.True(post.IsSignedWith(all.Secret));
        Assert.InRange(long.Parse(post.Timestamp), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        var data = post.Json["data"]!;
        Assert.Equal(("delivered", "+46701234567", "12345", "a", "order 7"), ((string?)data["status"], (string?)data["to"], (string?)data["from"], (string?)data["channel"], (string?)data["reference"]));
        Assert.Equal(["/all", "/failures"], receiver.Posts.Where(p => p.Type == "message.undelivered").Select(p => p.Path).Order());
        Assert.Equal(4, receiver.Posts.Select(p => p.Id).Distinct().Count());
        await Until.TrueAsync(() => rig.Log().Count(row => row.State == DeliveryState.Delivered) == 5);
        Assert.Equal(4, rig.Log(all.Id).Count);
    }

    [Fact]
    public async Task A_callback_gets_the_statuses_of_its_message_only()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var rig = await Rig.StartAsync(carrier);

        await rig.SendAsync();
        var asked = await rig.SendAsync($",\"callback_url\":\"{receiver.Url}/mine?x=1\"");
        await rig.SendAsync();

        await TakenAsync(receiver, "message.sent", asked);
        TestCarrier.Receipt(carrier.Session, "C000002", ReceiptState.Delivered, "46701234567");
        await TakenAsync(receiver, "message.delivered", asked);
        Assert.Equal(2, receiver.Posts.Count);
        Assert.All(receiver.Posts, post => Assert.True(post.Path == "/mine?x=1" && post.IsSignedWith(rig.Webhooks.Webhooks.ServerSecret)));
    }

    [Fact]
    public async Task A_callback_is_signed_with_the_secret_of_the_key_that_handed_the_text_in()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var rig = await Rig.StartAsync(carrier);
        var (own, server, now) = (SigningSecret.New(), rig.Webhooks.Webhooks.ServerSecret, DateTimeOffset.UtcNow);
        async Task<Post> PostOfAsync(string account)
        {
            var id = await rig.Flow.SendAsync(more: $",\"callback_url\":\"{receiver.Url}/{account}\"", account: account);
            await TakenAsync(receiver, "message.sent", id);
            return receiver.Posts.Single(post => post.Subject == id.ToString());
        }

        rig.Signing["7"] = new KeySigning(own, null, null);
        var signed = await PostOfAsync("7");
        Assert.Equal((true, false), (signed.IsSignedWith(own), signed.IsSignedWith(server)));
        Assert.True((await PostOfAsync("8")).IsSignedWith(server));

        // An older key's first secret has the server's beside it, a second one the first, for as long as was said.
        rig.Signing["7"] = new KeySigning(own, null, now.AddDays(1));
        signed = await PostOfAsync("7");
        Assert.Equal((true, true), (signed.IsSignedWith(own), signed.IsSignedWith(server)));
        var next = rig.Signing["7"] = KeySigning.After(rig.Signing["7"], now);
        signed = await PostOfAsync("7");
        Assert.Equal((true, true, false), (signed.IsSignedWith(next.Secret), signed.IsSignedWith(own), signed.IsSignedWith(server)));
        rig.Signing["7"] = next with { OldUntil = now.AddSeconds(-1) };
        Assert.False((await PostOfAsync("7")).IsSignedWith(own));
    }

    [Fact]
    public async Task A_message_of_several_parts_is_told_of_once_when_all_have_got_there()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var rig = await Rig.StartAsync(carrier);
        rig.Add(receiver.Url, "*");

        var id = await rig.Flow.SendAsync(text: new string('x', 400));
        await TakenAsync(receiver, "message.sent", id);
        foreach (var part in (string[])["C000001", "C000002", "C000003"])
        {
            Assert.DoesNotContain(receiver.Posts, post => post.Type == "message.delivered");
            TestCarrier.Receipt(carrier.Session, part, ReceiptState.Delivered, "46701234567");
            await rig.Flow.Engine.WaitDurableAsync(rig.Flow.Engine.Journal.End);
        }

        await TakenAsync(receiver, "message.delivered", id);
        await rig.CaughtUpAsync();
        Assert.Equal(["message.sent", "message.delivered"], receiver.Posts.Select(post => post.Type));
        Assert.Equal(3, (int)receiver.Posts.Last().Json["data"]!["segments"]!);
    }

    [Fact]
    public async Task A_post_is_tried_again_under_the_same_id_until_it_is_taken_and_redirects_are_not_followed()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = n => n switch { 1 => 500, 2 => 404, 3 => 302, _ => 204 };
        await using var rig = await Rig.StartAsync(carrier);
        var webhook = rig.Add(receiver.Url, "message.sent");

        await rig.SendAsync();

        await Until.TrueAsync(() => rig.Log() is [{ State: DeliveryState.Delivered, Attempts: 4 }]);
        Assert.Equal(4, receiver.Posts.Count);
        Assert.Single(receiver.Posts.Select(p => p.Id).Distinct());
        Assert.DoesNotContain(receiver.Posts, p => p.Path == "/elsewhere");
        Assert.All(receiver.Posts, p => Assert.True(p.IsSignedWith(webhook.Secret)));
    }

    [Fact]
    public async Task What_was_given_up_is_posted_again_one_by_one_and_all_together()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        var isGone = true;
        receiver.Answer = _ => isGone ? 410 : 200;
        await using var rig = await Rig.StartAsync(carrier);
        rig.Add(receiver.Url, "message.sent");
        for (var i = 0; i < 3; i++)
        {
            await rig.SendAsync();
        }

        await Until.TrueAsync(() => rig.Log().Count(row => row.State == DeliveryState.Failed) == 3);
        var (since, first) = (DateTimeOffset.UtcNow.AddHours(-1), receiver.Posts.First());
        isGone = false;
        var failed = rig.Log().Single(row => row.EventId == first.Id);
        Assert.Equal(PostCodes.Of(410), failed.Code);

        Assert.NotNull(await rig.Webhooks.ReplayAsync(failed.Id, CancellationToken.None));
        await Until.TrueAsync(() => receiver.Posts.Count == 4);
        Assert.Equal(first.Id, receiver.Posts.Last().Id);
        Assert.Equal(first.Body, receiver.Posts.Last().Body);

        Assert.Equal((3, null), await rig.Webhooks.ReplayFailedAsync(since, null, null, CancellationToken.None));
        await Until.TrueAsync(() => receiver.Posts.Count == 7);
        Assert.Equal(0, (await rig.Webhooks.ReplayFailedAsync(DateTimeOffset.UtcNow.AddHours(1), null, null, CancellationToken.None)).Count);
        Assert.Null(await rig.Webhooks.ReplayAsync(999_999, CancellationToken.None));
    }

    [Fact]
    public async Task Inside_addresses_are_refused_by_address_and_by_name_unless_their_network_is_allowed()
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var rig = await Rig.StartAsync(carrier, _options with { AllowPrivate = false });
        rig.Add(receiver.Url, "message.sent");
        rig.Add(receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "message.sent");
        rig.Add("http://169.254.169.254/latest/meta-data", "message.sent");
        rig.Add("http://[::ffff:127.0.0.1]:1/", "message.sent");

        await rig.SendAsync();
        await Until.TrueAsync(() => rig.Log().Count(row => row.State == DeliveryState.Failed) == 4);
        Assert.All(rig.Log(), row => Assert.Equal((PostCodes.PrivateAddress, 1), (row.Code, row.Attempts)));

        await rig.RestartAsync(kill: false, _options with { AllowPrivate = false, Allow = [System.Net.IPNetwork.Parse("127.0.0.0/8")] });
        Assert.Equal((4, null), await rig.Webhooks.ReplayFailedAsync(DateTimeOffset.UtcNow.AddHours(-1), null, null, CancellationToken.None));
        await Until.TrueAsync(() => receiver.Posts.Count == 2);
    }

    [Fact]
    public async Task A_host_that_hangs_holds_nobody_and_is_only_tried_now_and_then()
    {
        await using var carrier = new TestCarrier();
        await using var slow = await WebhookReceiver.StartAsync();
        await using var fast = await WebhookReceiver.StartAsync();
        var stuck = new TaskCompletionSource();
        slow.Before = _ => stuck.Task;
        await using var rig = await Rig.StartAsync(carrier);
        rig.Add(slow.Url, "message.sent");
        rig.Add(fast.Url, "message.sent");

        for (var i = 0; i < 40; i++)
        {
            await rig.SendAsync();
        }

        await Until.TrueAsync(() => fast.Posts.Count == 40);
        await Until.TrueAsync(() => slow.Posts.Count == _options.PerHost);

        // It fails from now on: a few are tried, the rest waits.
        slow.Answer = _ => 503;
        stuck.SetResult();
        await Until.TrueAsync(() => rig.Log().Count(row => row.State == DeliveryState.Retrying) >= _options.PerHost);
        Assert.InRange(slow.Posts.Count, _options.PerHost, 39);
        Assert.Equal(40, fast.Posts.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_restart_every_event_has_been_posted_and_none_queued_twice(bool kill)
    {
        await using var carrier = new TestCarrier();
        await using var receiver = await WebhookReceiver.StartAsync();
        var isDown = true;
        receiver.Answer = _ => isDown ? 503 : 200;
        await using var rig = await Rig.StartAsync(carrier);
        rig.Add(receiver.Url, "message.sent");
        var ids = new List<MessageId>();
        for (var i = 0; i < 10; i++)
        {
            ids.Add(await rig.SendAsync());
        }

        await Until.TrueAsync(() => rig.Log().Count == 10);

        // As after a power cut: the cursor is an older one.
        var cursor = Path.Combine(rig.Flow.Path, "webhooks.cursor");
        var old = rig.FirstCursor;
        await rig.StopAsync();
        await File.WriteAllTextAsync(cursor, old);
        isDown = false;
        await rig.RestartAsync(kill);
        ids.Add(await rig.SendAsync());

        await Until.TrueAsync(
            () => ids.All(id => receiver.Posts.Any(post => post.Subject == id.ToString())) && rig.Log().Count(row => row.State == DeliveryState.Delivered) == 11,
            () => $"{receiver.Posts.Count} posts; {string.Join(", ", rig.Log().Select(row => row.ToString()))}");
        Assert.Equal(11, rig.Log().Count);
        Assert.Equal(11, receiver.Posts.Select(post => post.Id).Distinct().Count());
    }

    private static Task TakenAsync(WebhookReceiver receiver, string type, MessageId id) => Until.TrueAsync(
        () => receiver.Posts.Any(post => post.Type == type && post.Subject == id.ToString()),
        () => $"{type} {id} is not among {string.Join(", ", receiver.Posts.Select(p => p.Type + " " + p.Subject))}");

    /// <summary>Texts, settings and webhooks over one engine.</summary>
    private sealed class Rig : IAsyncDisposable
    {
        private SettingsStore _settings = null!;

        private Rig(FlowFixture flow) => Flow = flow;

        public FlowFixture Flow { get; }

        public WebhookParts Webhooks { get; private set; } = null!;

        /// <summary>Keys' secrets, by account.</summary>
        public System.Collections.Concurrent.ConcurrentDictionary<string, KeySigning> Signing { get; } = [];

        public string FirstCursor { get; private set; } = "";

        public static async Task<Rig> StartAsync(TestCarrier carrier, WebhookOptions? options = null)
        {
            var rig = new Rig(new FlowFixture());
            rig.Open(options ?? _options);
            rig.FirstCursor = await File.ReadAllTextAsync(Path.Combine(rig.Flow.Path, "webhooks.cursor"));
            rig._channel = FlowFixture.Smpp(carrier);
            await rig.Flow.Channels.AddAsync(rig._channel);
            return rig;
        }

        private ChannelSettings _channel = null!;

        public WebhookRecord Add(string url, params string[] types) => Webhooks.Webhooks.Add(url, types, "", "test")!;

        public Task<MessageId> SendAsync(string more = "") => Flow.SendAsync(more: more);

        public IReadOnlyList<DeliveryRow> Log(string? webhook = null) => Webhooks.Deliveries.List(new DeliveryFilter { Webhook = webhook }).Rows;

        public async Task CaughtUpAsync()
        {
            var end = Flow.Engine.Journal.End;
            await Until.TrueAsync(() => Webhooks.Projections.All(p => p.Cursor >= end));
        }

        public async Task StopAsync()
        {
            await Webhooks.DisposeAsync();
            _settings.Dispose();
            _isStopped = true;
        }

        private bool _isStopped;

        public async Task RestartAsync(bool kill, WebhookOptions? options = null)
        {
            if (!_isStopped)
            {
                await StopAsync();
            }

            await Flow.RestartAsync(kill);
            Open(options ?? _options);
            await Flow.Channels.AddAsync(_channel);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            await Flow.DisposeAsync();
        }

        private void Open(WebhookOptions options)
        {
            _isStopped = false;
            _settings = SettingsStore.Open(Flow.Path, TimeProvider.System);
            Webhooks = WebhookParts.Open(Flow.Engine, _settings, Flow.Path, options);
            Webhooks.Start(_ => null, (name, error) => Assert.Fail($"{name}: {error}"), account => Signing.GetValueOrDefault(account));
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Campaigns;
using Strowger.Features.Jobs;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Projections;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Features.Notifications.Alarms;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Records.Inbound;
using Strowger.Records.Jobs;
using Strowger.Records.Messages;
using Strowger.Records.Receipts;
using Strowger.Records.Settings;
using Strowger.Server.Composition;
using Strowger.Server.Erasure;
using Strowger.Server.Export;
using Strowger.Server.Http;
using Strowger.Server.Http.Inbound;

namespace Strowger.Server.Tests.Http;

/// <summary>The HTTP door on a real Kestrel, over a real engine in a directory of its own, with one channel that discards.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    public const string AdminKey = "admin-key-of-the-tests";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("strowger-http-");
    private readonly CancellationTokenSource _stopping = new();
    private WebApplication _app = null!;
    private ReceiptIndexStore _receipts = null!;
    private ProjectionHost _projection = null!;
    private DeadJobStore _deadJobs = null!;
    private NumberErasure _erasure = null!;
    private ProjectionHost _deadJobsHost = null!;

    public JobEngine Engine { get; private set; } = null!;

    public ChannelSet Channels { get; private set; } = null!;

    public SettingsStore Settings { get; private set; } = null!;

    public MessageStore Lists { get; private set; } = null!;

    /// <summary>Nobody fills it but a test.</summary>
    public InboundStore Inbound { get; private set; } = null!;

    public JobsService Jobs { get; private set; } = null!;
    public WebhookParts Webhooks { get; private set; } = null!;

    /// <summary>Does not look by itself.</summary>
    public AlarmParts Alarms { get; private set; } = null!;

    public CampaignService Campaigns { get; private set; } = null!;

    /// <summary>Not open: nobody binds.</summary>
    public SmppDoorParts Door { get; private set; } = null!;

    public HttpApi Api { get; private set; } = null!;

    /// <summary>With the admin key.</summary>
    public HttpClient Client { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public bool IsReady { get; set; } = true;

    public System.Collections.Concurrent.ConcurrentBag<string> Incidents { get; } = [];

    public string DataDirectory => _directory.FullName;

    public string SocketPath => Path.Combine(_directory.FullName, "control.sock");

    public static async Task<ServerFixture> StartAsync(bool withChannel = true)
    {
        var fixture = new ServerFixture();
        await fixture.OpenAsync(withChannel);
        return fixture;
    }

    public HttpClient NewClient(string? key = null)
    {
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Over the control socket, without a key.</summary>
    public HttpClient NewLocalClient() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, ct) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), ct);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://localhost/"),
    };

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static StringContent Lines(string lines) => new(lines, Encoding.UTF8, "application/x-ndjson");

    public static string Message(string to = "+46701234567", string more = "") => $$"""{"to":"{{to}}","from":"12345","text":"hello"{{more}}}""";

    public Task<HttpResponseMessage> SendAsync(string json, string query = "") => Client.PostAsync("/v1/messages" + query, Json(json));

    /// <summary>Sends one and returns its id.</summary>
    public async Task<string> AcceptAsync(string more = "")
    {
        using var response = await SendAsync(Message(more: more));
        return (await ReadAsync(response, HttpStatusCode.Accepted)).GetProperty("id").GetString()!;
    }

    public async Task ProblemAtAsync(string path, HttpStatusCode status, string code) => await ProblemAsync(await Client.PostAsync(path, Json("")), status, code);

    public async Task<JsonElement> GetAsync(string path) => await ReadAsync(await Client.GetAsync(path), HttpStatusCode.OK);

    public async Task<JsonElement> CallAsync(HttpMethod method, string path, string? json, HttpStatusCode wanted = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : Json(json) };
        return await ReadAsync(await Client.SendAsync(request), wanted);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode wanted)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(wanted == response.StatusCode, $"{response.RequestMessage?.RequestUri}: {(int)response.StatusCode} {body}");
        return body.Length == 0 ? default : JsonDocument.Parse(body).RootElement;
    }

    /// <summary>Checks a problem document and its code; returns it.</summary>
    public static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code, string? field = null)
    {
        var problem = await ReadAsync(response, status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("request_id").GetString()!);
        Assert.Equal("urn:strowger:error:" + code, problem.GetProperty("type").GetString());
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
        return problem;
    }

    /// <summary>Asks again until the answer is as wanted.</summary>
    public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> wanted, HttpStatusCode? status = null)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (true)
        {
            using var response = await Client.GetAsync(path);
            var answer = await ReadAsync(response, status is null ? HttpStatusCode.OK : response.StatusCode);
            if (response.StatusCode == (status ?? HttpStatusCode.OK) && wanted(answer))
            {
                return answer;
            }

            Assert.False(patience.IsCancellationRequested, $"{path} stays {answer}");
        }
    }

    /// <summary>Tells streams and batches to end, as at shutdown.</summary>
    public Task StopAsync()
    {
        _stopping.Cancel();
        return _app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _stopping.Cancel();
        await _app.DisposeAsync();
        await Campaigns.DisposeAsync();
        await Door.DisposeAsync();
        Jobs.Queues.Dispose();
        await Channels.StopAsync(TimeSpan.Zero);
        await Alarms.DisposeAsync();
        await Webhooks.DisposeAsync();
        await _projection.DisposeAsync();
        await _deadJobsHost.DisposeAsync();
        await Engine.DisposeAsync();
        Channels.Dispose();
        Lists.Dispose();
        _deadJobs.Dispose();
        _receipts.Dispose();
        _erasure.Dispose();
        Inbound.Dispose();
        Settings.Dispose();
        _stopping.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task OpenAsync(bool withChannel)
    {
        var time = TimeProvider.System;
        var path = _directory.FullName;
        Settings = SettingsStore.Open(path, time);
        _receipts = ReceiptIndexStore.Open(path, 7, time);
        Lists = MessageStore.Open(new MessageStoreOptions { DataDirectory = path }, time);
        Inbound = InboundOf(path, time);
        Engine = JobEngine.Open(new EngineOptions { Directory = path, SegmentBytes = 32 << 20, OnIncident = incident => Incidents.Add(incident.Message) }, time, new Random(1));
        Channels = new ChannelSet(Engine, _receipts, time, new Random(2));
        _projection = new ProjectionHost(Engine, new MessageProjection(Engine, Lists), error => Assert.Fail(error.ToString()));
        if (withChannel)
        {
            Settings.Channels.Add("nowhere", "discard", """{"Name":"nowhere","Kind":"discard"}""", "test");
            await Channels.AddAsync(new ChannelSettings { Name = "nowhere", Kind = "discard" });
        }

        Jobs = new JobsService(Engine, new WorkQueues(Engine, Settings));
        Webhooks = WebhookParts.Open(Engine, Settings, path, new WebhookOptions());
        Webhooks.Start(_ => null, (_, error) => Assert.Fail(error.ToString()));
        Alarms = new AlarmParts(
            Engine, Settings, path, new AlarmOptions(), new AlarmWays { Text = (_, _, _, _) => Task.FromResult(false), Webhooks = Webhooks, Url = () => Address.ToString() },
            () => new AlarmReadings(), (_, error) => Assert.Fail(error.ToString()));
        _deadJobs = DeadJobStore.Open(path, Engine.Journal.End);
        _deadJobsHost = new ProjectionHost(Engine, new DeadJobsProjection(Engine, _deadJobs), error => Assert.Fail(error.ToString()));
        var failures = new FailedAttempts(time);
        var messaging = new MessagingService(Engine, Channels, time);
        Campaigns = await CampaignService.OpenAsync(Engine, path, () => new MessagingDoor(messaging), time, error => Incidents.Add(error.ToString()));
        Campaigns.Start();
        _erasure = new NumberErasure(path, Engine, Lists, Inbound, _receipts, _deadJobs, Campaigns, Settings, [_projection, _deadJobsHost, .. Webhooks.Projections], time);
        Door = new SmppDoorParts(
            messaging, new SmppDoorOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Clients = [] }, path, (_, error) => Assert.Fail(error.ToString()), (_, _) => { });
        Api = new HttpApi(new HttpServices
        {
            Messaging = messaging,
            Campaigns = Campaigns,
            Jobs = Jobs,
            DeadJobs = _deadJobs,
            Lists = Lists,
            Settings = Settings,
            Keys = new ApiKeys(Settings, time, failures, AdminKey),
            Logins = new ConsoleLogins(Settings, time, failures),
            Time = time,
            Projections = [_projection],
            Webhooks = Webhooks,
            Alarms = Alarms,
            SmppDoor = Door,
            IsReady = () => IsReady,
            Inbound = filter => InboundPages.List(Inbound, filter),
            PublicUrl = () => Address.ToString(),
            Erasure = _erasure,
            NumberRecords = new NumberRecords(path, Engine, time),
            Stopping = _stopping.Token,
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            HttpApi.Configure(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.ListenUnixSocket(SocketPath);
        });
        _app = builder.Build();
        Api.Map(_app);
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(a => a.StartsWith("http://127", StringComparison.Ordinal)));
        Client = NewClient(AdminKey);
    }

    private static InboundStore InboundOf(string path, TimeProvider time)
    {
        var store = InboundStore.Open(path, 7, time);
        store.Apply(
        [
            new InboundRow(1, 500, "nowhere", "Shop", "+46700000009", "other", null, 0, 1, 1, 0),
            new InboundRow(5, 1000, "nowhere", "+46700000001", "12345", "hej", null, 0, 1, 1, 0),
        ], 1);
        return store;
    }
}

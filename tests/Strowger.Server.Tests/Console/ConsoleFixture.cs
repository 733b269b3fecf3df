using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
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
using Strowger.Records.Jobs;
using Strowger.Records.Messages;
using Strowger.Records.Receipts;
using Strowger.Records.Settings;
using Strowger.Server.Composition;
using Strowger.Server.ConsolePage;
using Strowger.Server.Http;

namespace Strowger.Server.Tests.ConsolePage;

/// <summary>The console over HTTP on a port of its own, with an engine, its lists, and a channel that discards when asked for.</summary>
internal sealed partial class ConsoleFixture : IAsyncDisposable
{
    public const string Password = "nine blue herons";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("strowger-console-");
    private readonly ReceiptIndexStore _receipts;
    private readonly MessageStore _lists;
    private readonly DeadJobStore _deadJobs;
    private readonly ProjectionHost _projection;
    private readonly ProjectionHost _deadJobsHost;
    private readonly JobsService _jobs;
    private readonly WebApplication _app;
    private readonly LiveFeed _feed;

    public ConsoleFixture(DemoControls? demo = null, TimeSpan? planTime = null)
    {
        var time = TimeProvider.System;
        var path = _directory.FullName;
        Engine = JobEngine.Open(new EngineOptions { Directory = path }, time, new Random(1));
        _receipts = ReceiptIndexStore.Open(path, 7, time);
        _lists = MessageStore.Open(new MessageStoreOptions { DataDirectory = path }, time);
        Channels = new ChannelSet(Engine, _receipts, time, new Random(2));
        _projection = new ProjectionHost(Engine, new MessageProjection(Engine, _lists), error => Assert.Fail(error.ToString()));
        Messaging = new MessagingService(Engine, Channels, time);
        Settings = SettingsStore.Open(path, time);
        _jobs = new JobsService(Engine, new WorkQueues(Engine, Settings));
        _deadJobs = DeadJobStore.Open(path, Engine.Journal.End);
        _deadJobsHost = new ProjectionHost(Engine, new DeadJobsProjection(Engine, _deadJobs), error => Assert.Fail(error.ToString()));
        var failures = new FailedAttempts(time);
        Logins = new ConsoleLogins(Settings, time, failures);
        Users = new Users(Settings, Logins, time, failures) { Iterations = 10 };
        Webhooks = WebhookParts.Open(Engine, Settings, path, new WebhookOptions());
        Webhooks.Start(_ => null, (_, error) => Assert.Fail(error.ToString()));
        Alarms = new AlarmParts(
            Engine, Settings, path, new AlarmOptions(), new AlarmWays { Text = (_, _, _, _) => Task.FromResult(false), Webhooks = Webhooks }, () => new AlarmReadings(), (_, error) => Assert.Fail(error.ToString()));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(o => o.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        Campaigns = CampaignService.OpenAsync(Engine, path, () => new MessagingDoor(Messaging), time, error => Assert.Fail(error.ToString())).GetAwaiter().GetResult();
        Campaigns.Start();
        Door = new SmppDoorParts(
            Messaging, new SmppDoorOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), Clients = [] }, path, (_, error) => Assert.Fail(error.ToString()), (_, _) => { });
        var http = new HttpServices
        {
            Messaging = Messaging,
            Jobs = _jobs,
            Campaigns = Campaigns,
            Lists = _lists,
            DeadJobs = _deadJobs,
            Settings = Settings,
            Keys = new ApiKeys(Settings, time, failures, null),
            Logins = Logins,
            Time = time,
            Projections = [_projection],
            Webhooks = Webhooks,
            Alarms = Alarms,
            SmppDoor = Door,
            Stopping = _app.Lifetime.ApplicationStopping,
        };
        _feed = ConsoleEndpoints.Map(_app, new ConsoleServices { Http = http, Users = Users, Version = "1.2.3", Demo = demo, PlanTime = planTime ?? TimeSpan.FromMinutes(1) });
        _app.Start();
        Http = NewBrowser();
    }

    public JobEngine Engine { get; }

    public ChannelSet Channels { get; }

    public JobsService Jobs => _jobs;

    public MessagingService Messaging { get; }

    public CampaignService Campaigns { get; }

    /// <summary>Not open: nobody binds.</summary>
    public SmppDoorParts Door { get; }

    public SettingsStore Settings { get; }

    public WebhookParts Webhooks { get; }

    public AlarmParts Alarms { get; }

    public ConsoleLogins Logins { get; }

    public Users Users { get; }

    public HttpClient Http { get; }

    public HttpClient NewBrowser() => new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
    {
        BaseAddress = new Uri(_app.Urls.Single()),
        Timeout = TimeSpan.FromSeconds(20),
    };

    public Task AddChannelAsync(string name = "nowhere")
    {
        Settings.Channels.Add(name, "discard", $$"""{"Name":"{{name}}","Kind":"discard"}""", "test");
        return Channels.AddAsync(new ChannelSettings { Name = name, Kind = "discard" });
    }

    public Task SendUrgentAsync() => SendAsync("""{"to":"+46701234567","from":"Bank","text":"1234","priority":"urgent"}""");

    public async Task<MessageId> SendAsync(string json)
    {
        var sent = await Messaging.SendAsync(System.Text.Encoding.UTF8.GetBytes(json), default, dryRun: false, CancellationToken.None);
        Assert.Null(sent.Error);
        return sent.Id;
    }

    /// <summary>By a one-time link: with all rights.</summary>
    public async Task SignInAsync(HttpClient? browser = null)
    {
        using var answer = await (browser ?? Http).GetAsync($"/login?token={Logins.CreateToken("test")}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>A browser in which somebody with this role is signed in.</summary>
    public async Task<HttpClient> SignedInAsync(Role role)
    {
        var name = "user-" + role.ToText();
        await Users.AddAsync(name, role, Password, "test", default);
        var browser = NewBrowser();
        using var answer = await PostAsync(browser, "/login", await FormOfAsync(browser, "/login"), ("name", name), ("password", Password));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return browser;
    }

    public async Task<string> PageAsync(string path, HttpClient? browser = null, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var answer = await (browser ?? Http).GetAsync(path);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{path}: {answer.StatusCode} {page}");
        return WebUtility.HtmlDecode(page);
    }

    /// <summary>Asks for a page until it says something.</summary>
    public async Task<string> PageSaysAsync(string path, string words, HttpClient? browser = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var page = await PageAsync(path, browser);
            if (page.Contains(words, StringComparison.Ordinal))
            {
                return page;
            }

            Assert.False(patience.IsCancellationRequested, page);
        }
    }

    /// <summary>The token of the forms on a page.</summary>
    public static async Task<string> FormOfAsync(HttpClient browser, string path)
    {
        var page = await browser.GetStringAsync(path);
        return FormToken().Match(page).Groups[1].Value;
    }

    /// <summary>What the pages say from now on is in Spanish.</summary>
    public void SpeakSpanish() => Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("es");

    /// <summary>Sends a form as the page would.</summary>
    public static Task<HttpResponseMessage> PostAsync(HttpClient browser, string path, string? token, params (string Name, string Value)[] fields) =>
        browser.PostAsync(path, new FormUrlEncodedContent([.. token is null ? [] : new[] { KeyValuePair.Create("form_token", token) }, .. fields.Select(f => KeyValuePair.Create(f.Name, f.Value))]));

    /// <summary>Sends a form and reads the page that follows, with its notice.</summary>
    public async Task<string> DoAsync(string path, HttpClient? browser = null, params (string Name, string Value)[] fields)
    {
        browser ??= Http;
        using var answer = await PostAsync(browser, path, await FormOfAsync(browser, "/"), fields);
        return answer.StatusCode == HttpStatusCode.SeeOther
            ? await PageAsync(answer.Headers.Location!.ToString(), browser)
            : WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    public async Task<HttpResponseMessage> PressAsync(string path, string? token, string? site = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (token is not null)
        {
            request.Headers.Add(ConsoleDoor.FormHeader, token);
        }

        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        return await Http.SendAsync(request);
    }

    /// <summary>Reads events of the stream until one satisfies.</summary>
    public static async Task<string> ReadUntilAsync(StreamReader reader, Func<string, string, bool> isIt)
    {
        var name = "";
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && isIt(name, line["data: ".Length..]))
            {
                return line["data: ".Length..];
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _feed.DisposeAsync();
        await _app.DisposeAsync();
        await Campaigns.DisposeAsync();
        await Door.DisposeAsync();
        _jobs.Queues.Dispose();
        await Channels.StopAsync(TimeSpan.FromSeconds(1));
        await Alarms.DisposeAsync();
        await Webhooks.DisposeAsync();
        await _projection.DisposeAsync();
        await _deadJobsHost.DisposeAsync();
        await Engine.DisposeAsync();
        Channels.Dispose();
        _lists.Dispose();
        _deadJobs.Dispose();
        _receipts.Dispose();
        Users.Dispose();
        Settings.Dispose();
        _directory.Delete(recursive: true);
    }

    [GeneratedRegex("name=\"form_token\" value=\"([0-9a-f]+)\"")]
    private static partial Regex FormToken();
}

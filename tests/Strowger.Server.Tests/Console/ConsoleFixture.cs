using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Records.Receipts;
using Strowger.Records.Settings;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

/// <summary>The console over HTTP on a port of its own, with an engine and a channel that discards.</summary>
internal sealed class ConsoleFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("strowger-console-");
    private readonly JobEngine _engine;
    private readonly ReceiptIndexStore _receipts;
    private readonly ChannelSet _channels;
    private readonly SettingsStore _settings;
    private readonly WebApplication _app;
    private readonly LiveFeed _feed;

    public ConsoleFixture(DemoControls? demo = null)
    {
        var time = TimeProvider.System;
        _engine = JobEngine.Open(new EngineOptions { Directory = _directory.FullName }, time, new Random(1));
        _receipts = ReceiptIndexStore.Open(_directory.FullName, 7, time);
        _channels = new ChannelSet(_engine, _receipts, time, new Random(2));
        Messaging = new MessagingService(_engine, _channels, time);
        _settings = SettingsStore.Open(_directory.FullName, time);
        Logins = new ConsoleLogins(_settings, time, new FailedAttempts(time));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(o => o.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _feed = ConsoleEndpoints.Map(_app, new ConsoleServices(Messaging, Logins, "1.2.3", _app.Lifetime.ApplicationStopping, demo));
        _app.Start();
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri(_app.Urls.Single()),
            Timeout = TimeSpan.FromSeconds(20),
        };
    }

    public MessagingService Messaging { get; }

    public ConsoleLogins Logins { get; }

    public HttpClient Http { get; }

    public Task AddChannelAsync() => _channels.AddAsync(new ChannelSettings { Name = "nowhere", Kind = "discard" });

    public async Task SendUrgentAsync()
    {
        var sent = await Messaging.SendAsync("""{"to":"+46701234567","from":"Bank","text":"1234","priority":"urgent"}"""u8, default, dryRun: false, CancellationToken.None);
        Assert.Null(sent.Error);
    }

    public async Task SignInAsync()
    {
        using var answer = await Http.GetAsync($"/login?token={Logins.CreateToken("test")}");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    public async Task<HttpResponseMessage> PressAsync(string path, bool withHeader = true, string? site = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (withHeader)
        {
            request.Headers.Add(ConsoleEndpoints.Header, "1");
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
        await _channels.StopAsync(TimeSpan.FromSeconds(1));
        await _engine.DisposeAsync();
        _channels.Dispose();
        _receipts.Dispose();
        _settings.Dispose();
        _directory.Delete(recursive: true);
    }
}

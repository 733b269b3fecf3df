using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Strowger.Features.Tests.Messaging.Flow;

/// <summary>A web server on a free port that answers each post as the test says.</summary>
internal sealed class TestReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _count;

    private TestReceiver(WebApplication app) => _app = app;

    /// <summary>HTTP status for the n-th post, from 1.</summary>
    public Func<int, int> Answer { get; set; } = _ => 200;

    /// <summary>Done before each answer.</summary>
    public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;

    public ConcurrentQueue<(string Path, string Id, string Timestamp, string? Type, JsonObject Body)> Posts { get; } = new();

    public string Url { get; private set; } = "";

    public static async Task<TestReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new TestReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        receiver.Url = receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var n = Interlocked.Increment(ref _count);
        var body = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        Posts.Enqueue((context.Request.Path, context.Request.Headers["webhook-id"].ToString(), context.Request.Headers["webhook-timestamp"].ToString(), context.Request.ContentType, body));
        await Before(n);
        context.Response.StatusCode = Answer(n);
        if (context.Response.StatusCode is 302)
        {
            context.Response.Headers.Location = Url + "/elsewhere";
        }
    }
}

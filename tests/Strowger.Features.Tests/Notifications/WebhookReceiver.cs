using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Strowger.Features.Tests.Notifications;

/// <summary>One post as it came.</summary>
internal sealed record Post(string Path, string Id, string Timestamp, string Signatures, string? ContentType, byte[] Body)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public string? Type => (string?)Json["type"];

    public string? Subject => (string?)Json["data"]?["id"];

    /// <summary>As the specification of Standard Webhooks says, written without our code.</summary>
    public bool IsSignedWith(string secret)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var content = Encoding.ASCII.GetBytes($"{Id}.{Timestamp}.").Concat(Body).ToArray();
        return Signatures.Split(' ').Contains("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, content)));
    }
}

/// <summary>A web server on a free port that answers each post as the test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _count;

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>HTTP status for the n-th post, from 1.</summary>
    public Func<int, int> Answer { get; set; } = _ => 200;

    /// <summary>Done before each answer.</summary>
    public Func<int, Task> Before { get; set; } = _ => Task.CompletedTask;

    public ConcurrentQueue<Post> Posts { get; } = new();

    public string Url { get; private set; } = "";

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        receiver.Url = receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        var n = Interlocked.Increment(ref _count);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        Posts.Enqueue(new Post(
            context.Request.Path + context.Request.QueryString, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), context.Request.ContentType, body.ToArray()));
        await Before(n);
        context.Response.StatusCode = Answer(n);
        if (context.Response.StatusCode is 302)
        {
            context.Response.Headers.Location = Url + "/elsewhere";
        }
    }
}

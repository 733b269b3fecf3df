using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Strowger.Server.Tests.Cli;

/// <summary>What a server was asked.</summary>
public sealed record Asked(string Method, string PathAndQuery, string Body, string? IdempotencyKey, string? Authorization);

/// <summary>What it answers; a status of 0 hangs up without one.</summary>
public sealed record Answered(int Status, string Body, int? RetryAfterSeconds = null);

/// <summary>A server of our API over control.sock or a port, that answers what the test says.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<Asked> _asked = [];

    private ScriptedServer(WebApplication app) => _app = app;

    public IReadOnlyList<Asked> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _asked];
            }
        }
    }

    public string Url => _app.Urls.First();

    public static async Task<ScriptedServer> StartAsync(string? socket, Func<Asked, Answered> script)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            if (socket is not null)
            {
                kestrel.ListenUnixSocket(socket);
            }
            else
            {
                kestrel.Listen(System.Net.IPAddress.Loopback, 0);
            }
        });
        var app = builder.Build();
        var server = new ScriptedServer(app);
        app.Run(context => server.AnswerAsync(context, script));
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, Func<Asked, Answered> script)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var asked = new Asked(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            await reader.ReadToEndAsync(),
            context.Request.Headers["Idempotency-Key"],
            context.Request.Headers.Authorization);
        Answered answer;
        lock (_lock)
        {
            _asked.Add(asked);
            answer = script(asked);
        }

        if (answer.Status == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.Status < 400 ? "application/json" : "application/problem+json";
        if (answer.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsync(answer.Body);
    }
}

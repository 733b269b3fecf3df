using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Strowger.SystemTests.Harness;

/// <summary>A post as it came.</summary>
internal sealed record WebhookPost(string Path, string Id, string Timestamp, string Signatures, byte[] Body)
{
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
    }

    public string Type => Json.GetProperty("type").GetString()!;

    /// <summary>As the specification of Standard Webhooks says.</summary>
    public bool IsSignedWith(string secret)
    {
        byte[] content = [.. Encoding.ASCII.GetBytes($"{Id}.{Timestamp}."), .. Body];
        return Signatures.Split(' ').Contains("v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), content)));
    }
}

/// <summary>An HTTP server that takes posts.</summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _run;

    public WebhookListener()
    {
        Url = $"http://127.0.0.1:{Ports.Free()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _run = Task.Run(RunAsync);
    }

    public string Url { get; }

    public ConcurrentQueue<WebhookPost> Posts { get; } = new();

    /// <summary>HTTP status of each answer.</summary>
    public int Answer { get; set; } = 200;

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _run;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var headers = context.Request.Headers;
                if (context.Request.HttpMethod == "POST")
                {
                    Posts.Enqueue(new WebhookPost(context.Request.Url!.PathAndQuery, headers["webhook-id"]!, headers["webhook-timestamp"]!, headers["webhook-signature"] ?? "", body.ToArray()));
                }
                else
                {
                    Interlocked.Increment(ref Pings);
                }

                context.Response.StatusCode = Answer;
                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed.
        }
    }

    /// <summary>Calls that are no posts.</summary>
    public int Pings;
}

using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strowger.Load.Processes;

/// <summary><c>strowger serve</c> in a process of its own, on the embedded stores.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    public const string Key = "bench-key-0123456789abcdef";
    private const string ReadyWord = "ready ";
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _callLimit = TimeSpan.FromMinutes(10);

    private readonly LoadRun _run;
    private readonly string _directory;
    private ChildProgram? _child;
    private HttpClient? _http;

    private Gateway(LoadRun run, string directory)
    {
        _run = run;
        _directory = directory;
    }

    public int ProcessId => _child!.Id;

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Address.Port);

    public string DataDirectory => Path.Combine(_directory, "data");

    /// <summary>Starts a server with these channels and waits until it says that it is ready.</summary>
    public static Task<Gateway> StartAsync(LoadRun run, CancellationToken ct, params JsonObject[] channels) => StartAsync(run, [], ct, channels);

    /// <param name="more">Sections of the configuration beside the address and the channels.</param>
    public static async Task<Gateway> StartAsync(LoadRun run, JsonObject more, CancellationToken ct, params JsonObject[] channels)
    {
        var directory = run.NewDirectory("gateway");
        var configuration = new JsonObject
        {
            ["Http"] = new JsonObject { ["Listen"] = "127.0.0.1:0" },
            ["Channels"] = new JsonArray([.. channels]),
        };
        foreach (var (section, value) in more)
        {
            configuration[section] = value?.DeepClone();
        }

        await File.WriteAllTextAsync(Path.Combine(directory, "strowger.json"), configuration.ToJsonString(), ct).ConfigureAwait(false);
        var gateway = new Gateway(run, directory);
        try
        {
            await gateway.StartAsync(ct).ConfigureAwait(false);
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <param name="carrier">Where it listens, or will.</param>
    /// <param name="window">Parts in flight a bind.</param>
    /// <param name="rate">Parts a second; null is unlimited.</param>
    /// <param name="name">Of the channel.</param>
    /// <param name="binds">How many.</param>
    public static JsonObject Channel(int carrier, int window = 100, double? rate = null, string name = "carrier", int binds = 2)
    {
        var channel = new JsonObject
        {
            ["Name"] = name, ["Kind"] = "smpp", ["Host"] = "127.0.0.1", ["Port"] = carrier, ["SystemId"] = name.Length > 15 ? name[..15] : name, ["Password"] = "bench", ["Binds"] = binds, ["Window"] = window,
        };
        if (rate is { } limit)
        {
            channel["Rate"] = limit;
            channel["Bucket"] = "100ms";
        }

        return channel;
    }

    /// <summary>Starts it again in the same directory; returns how long it took to be ready.</summary>
    public async Task<TimeSpan> StartAsync(CancellationToken ct)
    {
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = Stopwatch.GetTimestamp();
        _child = ChildProgram.Start(
            _run.Options.Program,
            [.. _run.Options.ProgramArguments, "serve", "--config", Path.Combine(_directory, "strowger.json"), "--data", DataDirectory],
            new Dictionary<string, string> { ["STROWGER_ADMIN_KEY"] = Key },
            line => line.StartsWith(ReadyWord, StringComparison.Ordinal) && ready.TrySetResult(line[ReadyWord.Length..]));
        Address = new Uri(await _child.WaitAsync(ready.Task, _startLimit, "it was ready", ct).ConfigureAwait(false));
        var took = Stopwatch.GetElapsedTime(start);
        _http?.Dispose();
        _http = new HttpClient { BaseAddress = Address, Timeout = _callLimit };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var health = await _http.GetAsync(new Uri("/health/ready", UriKind.Relative), ct).ConfigureAwait(false);
        health.EnsureSuccessStatusCode();
        return took;
    }

    public Task KillAsync() => _child!.KillAsync();

    /// <summary>Posts lines of JSON and returns how many were accepted, which is when they are durable.</summary>
    public async Task<long> PostBatchAsync(ReadOnlyMemory<byte> lines, CancellationToken ct)
    {
        using var content = new ReadOnlyMemoryContent(lines);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await _http!.PostAsync(new Uri("/v1/messages/batch", UriKind.Relative), content, ct).ConfigureAwait(false);
        var answer = await ReadAsync(response, ct).ConfigureAwait(false);
        return answer.GetProperty("accepted").GetInt64();
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken ct)
    {
        using var response = await _http!.GetAsync(new Uri(path, UriKind.Relative), ct).ConfigureAwait(false);
        return await ReadAsync(response, ct).ConfigureAwait(false);
    }

    public async Task<JsonElement> PostAsync(string path, string json, CancellationToken ct)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await PostAsync(path, content, ct).ConfigureAwait(false);
    }

    public async Task<JsonElement> PostAsync(string path, HttpContent content, CancellationToken ct)
    {
        using var response = await _http!.PostAsync(new Uri(path, UriKind.Relative), content, ct).ConfigureAwait(false);
        return await ReadAsync(response, ct).ConfigureAwait(false);
    }

    /// <summary>The sum of a gauge or counter over its labels; null when there is none of this name.</summary>
    public async Task<double?> MetricAsync(string name, CancellationToken ct)
    {
        using var response = await _http!.GetAsync(new Uri("/metrics", UriKind.Relative), ct).ConfigureAwait(false);
        return response.IsSuccessStatusCode ? PrometheusText.Sum(await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false), name) : null;
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_child is { } child)
        {
            await child.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false);
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement
            : throw new IOException($"{(int)response.StatusCode} from {response.RequestMessage?.RequestUri?.PathAndQuery}: {text}");
    }
}

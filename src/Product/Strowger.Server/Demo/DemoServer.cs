using System.Security.Cryptography;
using Strowger.Server.Cli;

namespace Strowger.Server.Demo;

/// <summary>
/// The demo's two children: the simulated carrier, and the server, which is started again whenever it ends, for being killed is
/// part of the story.
/// </summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(30);

    private readonly string _data;
    private readonly string _configuration;
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<string> _onLine;
    private readonly Action _onReturn;
    private readonly ChildProcess _carrier;
    private string _listen;
    private ChildProcess? _server;
    private Task _watch = Task.CompletedTask;
    private TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DemoServer(string data, string configuration, string listen, ChildProcess carrier, CarrierControl control, Action<string> onLine, Action onReturn)
    {
        _data = data;
        _configuration = configuration;
        _listen = listen;
        _carrier = carrier;
        Carrier = control;
        _onLine = onLine;
        _onReturn = onReturn;
        AdminKey = "demo_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    }

    public CarrierControl Carrier { get; }

    public string AdminKey { get; }

    /// <summary>http://HOST:PORT, the same after each return.</summary>
    public string Address { get; private set; } = string.Empty;

    /// <summary>Ends when the server is there (again).</summary>
    public Task Up => _up.Task;

    /// <param name="data">The server's data directory.</param>
    /// <param name="rate">The carrier's parts a second over both binds.</param>
    /// <param name="listen">HOST:PORT of the console.</param>
    /// <param name="onLine">Is told what the server says.</param>
    /// <param name="onReturn">Is told when the server is back after it was killed.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<DemoServer> StartAsync(string data, double rate, string listen, Action<string> onLine, Action onReturn, CancellationToken cancel)
    {
        var text = FormattableString.Invariant($"{rate}");
        var (carrier, ready) = await ChildProcess.StartAsync(
            ["smsc-sim", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--rate", text, "--bucket", "100ms", "--delay", "5ms", "--jitter", "10ms",
             "--receipt-delay", "800ms", "--receipt-jitter", "1200ms", "--fail-share", "0.01", "--key-by-token"],
            new Dictionary<string, string>(),
            line => line.Contains("\"ready\"", StringComparison.Ordinal),
            _ => { },
            cancel).ConfigureAwait(false);
        using var said = System.Text.Json.JsonDocument.Parse(ready);
        var port = System.Net.IPEndPoint.Parse(said.RootElement.GetProperty("listen").GetString()!).Port;
        var control = System.Net.IPEndPoint.Parse(said.RootElement.GetProperty("control").GetString()!);
        Directory.CreateDirectory(data);
        var configuration = Path.Combine(data, "demo.json");
        await File.WriteAllTextAsync(
            configuration,
            $$"""{ "Channels": [ { "Name": "carrier-a", "Kind": "smpp", "Host": "127.0.0.1", "Port": {{port}}, "SystemId": "demo", "Password": "demo", "Binds": 2, "Window": {{Window(rate)}}, "Rate": {{text}}, "Bucket": "100ms" } ] }""",
            cancel).ConfigureAwait(false);
        var server = new DemoServer(data, configuration, listen, carrier, new CarrierControl(control), onLine, onReturn);
        await server.StartServerAsync(cancel).ConfigureAwait(false);
        server._watch = Task.Run(server.WatchAsync, CancellationToken.None);
        return server;
    }

    /// <summary>kill -9 of the server.</summary>
    public void KillServer() => _server?.Kill();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _server?.Kill();
        await _watch.ConfigureAwait(false);
        _server?.Dispose();
        _carrier.Dispose();
        _stop.Dispose();
    }

    /// <summary>
    /// Room for what is on the way at this rate, with one bind alone: the answer takes some 10 ms. Both windows together stay under the
    /// carrier's bucket of 100 ms: a carrier that stops for a moment and then takes all at once must not find too much.
    /// </summary>
    private static int Window(double rate) => (int)Math.Clamp(rate * 0.03, 10, 2000);

    private async Task StartServerAsync(CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, _stop.Token);
        limit.CancelAfter(_startLimit);
        var environment = new Dictionary<string, string>
        {
            [Features.Access.AdminKey.Variable] = AdminKey,
            [DemoLink.Variable] = Carrier.EndPoint.ToString(),
        };
        var (server, ready) = await ChildProcess.StartAsync(
            ["serve", "--config", _configuration, "--data", _data, "--set", "Http:Listen=" + _listen],
            environment,
            line => line.StartsWith("ready http", StringComparison.Ordinal),
            _onLine,
            limit.Token).ConfigureAwait(false);
        _server = server;
        Address = ready["ready ".Length..].TrimEnd('/');
        _listen = new Uri(Address).Authority;
        _up.TrySetResult();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await _server!.Exited.ConfigureAwait(false);
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            _up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _server.Dispose();
            try
            {
                await StartServerAsync(CancellationToken.None).ConfigureAwait(false);
                _onReturn();
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                _onLine("The server did not come back: " + error.Message);
                return;
            }
        }
    }
}

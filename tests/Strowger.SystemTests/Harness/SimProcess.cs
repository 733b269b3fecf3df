using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strowger.SystemTests.Harness;

/// <summary><c>strowger smsc-sim</c> as a process, told what to do by lines.</summary>
internal sealed class SimProcess : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly List<string> _options;
    private readonly SemaphoreSlim _one = new(1, 1);
    private ChildProcess _child;
    private int _read;

    private SimProcess(List<string> options, ChildProcess child)
    {
        _options = options;
        _child = child;
    }

    /// <summary>Where it speaks SMPP; the same after each restart.</summary>
    public IPEndPoint EndPoint { get; private set; } = null!;

    public int Port => EndPoint.Port;

    public ChildProcess Process => _child;

    public static Task<SimProcess> StartAsync(params string[] options) => StartOnAsync(0, options);

    public static async Task<SimProcess> StartOnAsync(int port, params string[] options)
    {
        var sim = new SimProcess([.. options], Spawn(port, options));
        await sim.ReadyAsync();
        return sim;
    }

    public void Kill9() => _child.Kill9();

    /// <summary>A new process on the same port; its counts begin anew.</summary>
    public async Task RestartAsync()
    {
        await _child.DisposeAsync();
        _child = Spawn(Port, _options);
        await ReadyAsync();
    }

    /// <summary>One command; its answer.</summary>
    public async Task<JsonElement> TellAsync(string command)
    {
        await _one.WaitAsync();
        try
        {
            await _child.Input.WriteLineAsync(command);
            await _child.Input.FlushAsync();
            var (line, next) = await _child.Out.WaitAsync(_read, static _ => true, _patience)
                ?? throw new InvalidOperationException($"The simulated carrier has ended. {_child.Error.Tail()}");
            _read = next;
            using var document = JsonDocument.Parse(line);
            var answer = document.RootElement.Clone();
            Assert.True(answer.GetProperty("ok").GetBoolean(), line);
            return answer;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Changes settings.</summary>
    public Task SetAsync(params (string Name, JsonNode Value)[] settings)
    {
        var command = new JsonObject { ["cmd"] = "set" };
        foreach (var (name, value) in settings)
        {
            command[name] = value;
        }

        return TellAsync(command.ToJsonString());
    }

    public async Task<SimReport> ReportAsync() => new(await TellAsync("""{"cmd":"report"}"""));

    /// <summary>Waits for counts.</summary>
    public Task<SimReport> ReportAsync(string what, TimeSpan patience, Func<SimReport, bool> fits) =>
        Eventually.GetAsync(what, patience, ReportAsync, fits);

    public ValueTask DisposeAsync()
    {
        _one.Dispose();
        return _child.DisposeAsync();
    }

    private static ChildProcess Spawn(int port, IEnumerable<string> options) => ChildProcess.Start(
        StrowgerProgram.Host, [StrowgerProgram.Dll, "smsc-sim", "--listen", $"127.0.0.1:{port}", .. options]);

    private async Task ReadyAsync()
    {
        var line = await _child.LineAsync(_child.Out, l => l.Contains("\"ready\"", StringComparison.Ordinal), _patience);
        _read = _child.Out.Count;
        using var document = JsonDocument.Parse(line);
        EndPoint = IPEndPoint.Parse(document.RootElement.GetProperty("listen").GetString()!);
    }
}

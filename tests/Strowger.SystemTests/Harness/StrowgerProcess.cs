using System.Globalization;
using System.Text.RegularExpressions;

namespace Strowger.SystemTests.Harness;

/// <summary><c>strowger serve</c> as a process that may be killed and started again on the same data and port.</summary>
internal sealed partial class StrowgerProcess : IAsyncDisposable
{
    public const string Key = "system-tests-admin-key-0123456789";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly List<string> _command;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private ChildProcess _child;

    private StrowgerProcess(List<string> command, IReadOnlyDictionary<string, string> environment)
    {
        _command = command;
        _environment = environment;
        _child = Spawn("127.0.0.1:0");
    }

    /// <summary>Where it listens; the same after each restart.</summary>
    public Uri Address { get; private set; } = null!;

    public ChildProcess Process => _child;

    /// <summary>What it says on standard error, since its last start.</summary>
    public OutputLines Log => _child.Error;

    /// <summary>Environment of every server of the tests.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["STROWGER_ADMIN_KEY"] = Key };

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="config">The configuration file, or none.</param>
    /// <param name="more">Further arguments.</param>
    /// <param name="environment">Beside the admin key.</param>
    /// <param name="within">A program with arguments that starts the rest of its command line and keeps the process id.</param>
    public static async Task<StrowgerProcess> StartAsync(
        string data,
        string? config = null,
        IEnumerable<string>? more = null,
        IReadOnlyDictionary<string, string>? environment = null,
        IEnumerable<string>? within = null)
    {
        List<string> command = [.. within ?? [], StrowgerProgram.Host, StrowgerProgram.Dll, "serve", "--data", data];
        if (config is not null)
        {
            command.AddRange(["--config", config]);
        }

        command.AddRange(more ?? []);
        var all = new Dictionary<string, string>(Environment);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        var server = new StrowgerProcess(command, all);
        try
        {
            await server.ReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it for an end that is not a happy one; the caller reads its lines and its exit code.</summary>
    public static ChildProcess StartRaw(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? directory = null) =>
        ChildProcess.Start(StrowgerProgram.Host, [StrowgerProgram.Dll, .. arguments], environment ?? Environment, directory);

    public Api Connect(string? key = Key) => new(Address, key);

    /// <summary>Waits for the line that says it is ready.</summary>
    public async Task ReadyAsync()
    {
        var line = await _child.LineAsync(_child.Error, l => l.StartsWith("ready ", StringComparison.Ordinal), _patience);
        Address = new Uri(line["ready ".Length..]);
    }

    /// <summary>How many jobs were in hand when the run before ended, as the start reports it. Null when it has not got that far.</summary>
    public long? UnsureAtStart() => Log.All.Select(l => RecoveredLine().Match(l)).FirstOrDefault(m => m.Success) is { } match
        ? long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)
        : null;

    /// <summary>How many jobs were live at the start.</summary>
    public long LiveAtStart() => long.Parse(
        Log.All.Select(l => RecoveredLine().Match(l)).First(m => m.Success).Groups[1].Value, CultureInfo.InvariantCulture);

    public void Kill9() => _child.Kill9();

    /// <summary>Starts it again after its end, without waiting for it to be ready.</summary>
    public async Task RespawnAsync()
    {
        await _child.DisposeAsync();
        _child = Spawn($"127.0.0.1:{Address.Port}");
    }

    /// <summary>Starts it again after its end and waits until it is ready.</summary>
    public async Task RestartAsync()
    {
        await RespawnAsync();
        await ReadyAsync();
    }

    /// <summary>SIGTERM; the exit code. The limit is the one users are promised.</summary>
    public async Task<int> StopAsync()
    {
        _child.Terminate();
        return await _child.ExitAsync(TimeSpan.FromSeconds(10));
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();

    private ChildProcess Spawn(string listen) =>
        ChildProcess.Start(_command[0], [.. _command[1..], "--set", "Http:Listen=" + listen], _environment);

    [GeneratedRegex(@"(\d+) jobs live, (\d+) of them in hand")]
    private static partial Regex RecoveredLine();
}

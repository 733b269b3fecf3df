using System.Net;
using System.Text.Json;
using System.Threading.Channels;

namespace Strowger.Load.Processes;

/// <summary><c>strowger smsc-sim</c> in a process of its own.</summary>
internal sealed class Carrier : IAsyncDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    private readonly ChildProgram _child;
    private readonly Channel<string> _lines;
    private readonly SemaphoreSlim _turn = new(1);

    private Carrier(ChildProgram child, Channel<string> lines)
    {
        _child = child;
        _lines = lines;
    }

    public int ProcessId => _child.Id;

    public int Port { get; private set; }

    public static async Task<Carrier> StartAsync(LoadRun run, CancellationToken ct, params string[] options)
    {
        var lines = Channel.CreateUnbounded<string>();
        var child = ChildProgram.Start(
            run.Options.Program,
            [.. run.Options.ProgramArguments, "smsc-sim", "--listen", "127.0.0.1:0", .. options],
            onLine: line => line.StartsWith('{') && lines.Writer.TryWrite(line));
        var carrier = new Carrier(child, lines);
        try
        {
            var ready = await carrier.ReadAsync("it listened", ct).ConfigureAwait(false);
            carrier.Port = IPEndPoint.Parse(ready.GetProperty("listen").GetString()!).Port;
            return carrier;
        }
        catch
        {
            await carrier.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Every count so far.</summary>
    public async Task<CarrierCounts> ReportAsync(CancellationToken ct) => new(await CommandAsync("""{"cmd":"report"}""", ct).ConfigureAwait(false));

    public Task ResetAsync(CancellationToken ct) => CommandAsync("""{"cmd":"reset"}""", ct);

    public async Task<JsonElement> CommandAsync(string json, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            await _child.Input.WriteLineAsync(json.AsMemory(), ct).ConfigureAwait(false);
            await _child.Input.FlushAsync(ct).ConfigureAwait(false);
            var reply = await ReadAsync("it answered " + json, ct).ConfigureAwait(false);
            return reply.GetProperty("ok").GetBoolean() ? reply : throw new IOException($"The simulated carrier refused {json}: {reply}");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits until so many parts were taken, looking every 20 ms.</summary>
    /// <exception cref="IOException">It took longer than the limit.</exception>
    public async Task<CarrierCounts> UntilAcceptedAsync(long parts, TimeSpan limit, CancellationToken ct)
    {
        for (var waited = TimeSpan.Zero; waited < limit; waited += Poll)
        {
            var counts = await ReportAsync(ct).ConfigureAwait(false);
            if (counts.Accepted >= parts)
            {
                return counts;
            }

            await Task.Delay(Poll, ct).ConfigureAwait(false);
        }

        var last = await ReportAsync(ct).ConfigureAwait(false);
        throw new IOException($"The carrier has {last.Accepted} of {parts} parts after {limit.TotalSeconds} s.");
    }

    public async ValueTask DisposeAsync()
    {
        await _child.DisposeAsync().ConfigureAwait(false);
        _turn.Dispose();
    }

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    private async Task<JsonElement> ReadAsync(string what, CancellationToken ct) =>
        JsonDocument.Parse(await _child.WaitAsync(_lines.Reader.ReadAsync(ct).AsTask(), _limit, what, ct).ConfigureAwait(false)).RootElement;
}

/// <summary>What the simulated carrier counted.</summary>
internal sealed class CarrierCounts(JsonElement report)
{
    public long Submits => report.GetProperty("submits").GetInt64();

    public long Accepted => report.GetProperty("accepted").GetInt64();

    public long Throttled => report.GetProperty("throttled").GetInt64();

    public long Duplicates => report.GetProperty("duplicates").GetInt64();

    public int Binds => report.GetProperty("binds_now").GetInt32();

    public DateTimeOffset FirstSubmit => report.GetProperty("pace").GetProperty("first_submit").GetDateTimeOffset();

    public DateTimeOffset LastSubmit => report.GetProperty("pace").GetProperty("last_submit").GetDateTimeOffset();

    /// <summary>Accepted by what the rate allowed while submits came.</summary>
    public double RateUsed => report.GetProperty("pace").GetProperty("rate_used") is { ValueKind: JsonValueKind.Number } used ? used.GetDouble() : double.NaN;

    public double ThrottledShare => Submits == 0 ? 0 : (double)Throttled / Submits;
}

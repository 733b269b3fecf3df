using System.Collections.Concurrent;
using System.Globalization;

namespace Strowger.Server.Demo;

/// <summary>One-time codes that come in while the campaign runs: each is timed from the call to the carrier's answer.</summary>
internal sealed class CodeSender(Func<DemoApi> api, Func<Task> up, TimeProvider time)
{
    private static readonly TimeSpan _lookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>A code that is not sent within this is looked at again at the end.</summary>
    private static readonly TimeSpan _follow = TimeSpan.FromSeconds(30);

    private readonly ConcurrentBag<double> _delays = [];
    private readonly ConcurrentBag<Task> _followed = [];
    private long _accepted;
    private double _slowest;

    public TimeSpan Every { get; init; } = TimeSpan.FromMilliseconds(100);

    public int FirstNumber { get; init; } = 1;

    public long Accepted => Interlocked.Read(ref _accepted);

    public long Timed => _delays.Count;

    public double SlowestMs => Volatile.Read(ref _slowest);

    public List<double> Delays => [.. _delays];

    /// <summary>Sends until cancelled; a server that is away is waited for, and the code is asked for again under the same key.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(Every, time);
        for (var number = FirstNumber; !cancel.IsCancellationRequested; number++)
        {
            try
            {
                var (id, asked) = await SendAsync(number, cancel).ConfigureAwait(false);
                Interlocked.Increment(ref _accepted);
                _followed.Add(FollowAsync(id, asked, CancellationToken.None));
                await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
    }

    /// <summary>Waits until every code's time is known or given up.</summary>
    public Task FinishAsync() => Task.WhenAll(_followed);

    private async Task<(string Id, double AskedMs)> SendAsync(int number, CancellationToken cancel)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"code-{number}");
        var json = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"to":"+99971{{1_000_000 + number}}","from":"Bank","text":"Your code is {{100_000 + (number * 7919 % 900_000)}} #9{{number:D9}}","priority":"urgent","reference":"{{key}}"}""");
        while (true)
        {
            await up().WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                var started = time.GetTimestamp();
                if (await api().SendAsync(json, key, cancel).ConfigureAwait(false) is { } id)
                {
                    return (id, time.GetElapsedTime(started).TotalMilliseconds);
                }
            }
            catch (HttpRequestException)
            {
                // Killed in between: asked again when it is back.
            }

            await Task.Delay(_lookAgain, time, cancel).ConfigureAwait(false);
        }
    }

    private async Task FollowAsync(string id, double askedMs, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < _follow)
        {
            await Task.Delay(_lookAgain, time, cancel).ConfigureAwait(false);
            try
            {
                var message = await api().GetAsync("/v1/messages/" + id, cancel).ConfigureAwait(false);
                if (message.GetProperty("lateness").GetProperty("waiting_ms") is { ValueKind: System.Text.Json.JsonValueKind.Number } waiting)
                {
                    var delay = askedMs + waiting.GetDouble();
                    _delays.Add(delay);
                    for (var slowest = SlowestMs; delay > slowest; slowest = SlowestMs)
                    {
                        if (Interlocked.CompareExchange(ref _slowest, delay, slowest) == slowest)
                        {
                            break;
                        }
                    }

                    return;
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                await up().ConfigureAwait(false);
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Kills;

/// <summary>
/// A client that does what a careful one does: every request has its Idempotency-Key and is sent again, unchanged, until it is
/// answered 202. Works off requests as they are released.
/// </summary>
internal sealed class Feeder(Api api, int seed) : IDisposable
{
    private const int SingleSenders = 8;
    private static readonly TimeSpan _halfTime = TimeSpan.FromMilliseconds(40);

    private readonly Random _random = new(seed);
    private readonly ConcurrentQueue<(int First, int Count)> _batches = new();
    private readonly ConcurrentQueue<int> _singles = new();
    private readonly SemaphoreSlim _batchesFree = new(0);
    private readonly SemaphoreSlim _singlesFree = new(0);
    private readonly List<Task> _senders = [];
    private long _accepted;
    private int _retries;
    private int _tokens;
    private int _released;

    /// <summary>Shut while the server is known to be away.</summary>
    public Gate Up { get; } = new();

    /// <summary>Opens at each 202.</summary>
    public Gate Answered { get; } = new();

    /// <summary>Opens when half of a batch is on its way.</summary>
    public Gate HalfSent { get; } = new();

    /// <summary>Texts of which the server has said that they are accepted.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Requests sent again because no answer came.</summary>
    public int Retries => _retries;

    /// <summary>Texts released so far.</summary>
    public int Total => _tokens;

    /// <summary>Ids of the texts sent one by one.</summary>
    public ConcurrentBag<string> Ids { get; } = [];

    public void Start()
    {
        Up.Open();
        _senders.Add(Task.Run(() => WorkAsync(_batchesFree, async () =>
        {
            Assert.True(_batches.TryDequeue(out var batch));
            await SendBatchAsync(batch.First, batch.Count);
        })));
        for (var i = 0; i < SingleSenders; i++)
        {
            _senders.Add(Task.Run(() => WorkAsync(_singlesFree, async () =>
            {
                Assert.True(_singles.TryDequeue(out var token));
                await SendSingleAsync(token);
            })));
        }
    }

    /// <summary>More to send: one batch and some singles.</summary>
    public void Release(int inBatch, int singles)
    {
        _batches.Enqueue((_tokens + 1, inBatch));
        _tokens += inBatch;
        for (var i = 0; i < singles; i++)
        {
            _singles.Enqueue(++_tokens);
        }

        _released += 1 + singles;
        _batchesFree.Release();
        _singlesFree.Release(singles);
    }

    /// <summary>Waits until every released text is accepted.</summary>
    public async Task FinishAsync(TimeSpan patience)
    {
        _batchesFree.Release();
        _singlesFree.Release(SingleSenders);
        await Task.WhenAll(_senders).WaitAsync(patience);
    }

    public void Dispose()
    {
        _batchesFree.Dispose();
        _singlesFree.Dispose();
    }

    /// <summary>One line a text: the token tells it apart at the carrier, and so does its number.</summary>
    private static string Line(int token) =>
        Api.Message(string.Create(CultureInfo.InvariantCulture, $"+4670{token:D7}"), string.Create(CultureInfo.InvariantCulture, $"Killed in between? #{token}"));

    private async Task WorkAsync(SemaphoreSlim free, Func<Task> send)
    {
        while (true)
        {
            await free.WaitAsync();
            if (free == _batchesFree ? _batches.IsEmpty : _singles.IsEmpty)
            {
                return;
            }

            await send();
        }
    }

    private Task SendSingleAsync(int token) => UntilAcceptedAsync(
        async () => await api.PostAsync("/v1/messages", Line(token), $"single-{token}"),
        answer =>
        {
            Interlocked.Increment(ref _accepted);
            Ids.Add(answer.Id!);
        });

    private async Task SendBatchAsync(int first, int count)
    {
        var lines = new StringBuilder();
        var half = 0;
        for (var i = 0; i < count; i++)
        {
            half = i == count / 2 ? lines.Length : half;
            lines.Append(Line(first + i)).Append('\n');
        }

        // ASCII only: a character is an octet.
        var body = Encoding.ASCII.GetBytes(lines.ToString());
        var cut = half + _random.Next(80);
        await UntilAcceptedAsync(
            async () => await api.BatchAsync(new HalvedContent(body, cut, HalfSent.Open, _halfTime), $"batch-{first}"),
            answer =>
            {
                Assert.Equal(0, answer.Number("rejected_count"));
                Assert.Equal(count, answer.Number("accepted"));
                Interlocked.Add(ref _accepted, count);
            });
    }

    private async Task UntilAcceptedAsync(Func<Task<ApiAnswer>> send, Action<ApiAnswer> accept)
    {
        while (true)
        {
            await Up.Opened;
            try
            {
                var answer = await send();

                // 202 with a line to go on from: the server was told to stop in the middle.
                if (answer.Status == 202 && answer.NumberOrNull("next_line") is null)
                {
                    accept(answer);
                    Answered.Open();
                    return;
                }

                Assert.True(
                    answer.Status is 202 or 503 || (answer.Status == 409 && answer.Code == "in_progress"), $"Not an answer to a retry: {answer}");
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
            {
                // It was killed under our request: the same again when it is back.
            }

            Interlocked.Increment(ref _retries);
            await Task.Yield();
        }
    }
}

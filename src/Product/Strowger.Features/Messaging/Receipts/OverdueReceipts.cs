using System.Globalization;
using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Records.Messages;
using Strowger.Smpp;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Messaging.Receipts;

/// <summary>
/// Looks after texts whose final receipt does not come: walks the list of <c>sent</c> ones slowly, asks the carrier by query_sm
/// while its window is idle, and calls them <c>unknown</c> when their time is over. A receipt that comes after all still counts.
/// </summary>
public sealed class OverdueReceipts(JobEngine engine, ChannelSet channels, MessageStore lists, OverdueOptions options, Action<Exception> onFailed) : IAsyncDisposable
{
    /// <summary>Messages a page.</summary>
    private const int PageRows = 200;

    /// <summary>Parts that wait to be asked about, a channel: some minutes of asking.</summary>
    private const int MaxCandidates = 300;

    /// <summary>Parts remembered as asked about; beyond it the memory starts anew and some are asked once more.</summary>
    private const int MaxAsked = 100_000;

    /// <summary>A carrier that does not know query_sm is left in peace for this long.</summary>
    private static readonly TimeSpan _silence = TimeSpan.FromDays(1);

    private static readonly byte[] _noReceipt = "no receipt"u8.ToArray();

    private readonly Dictionary<string, Asking> _askings = new(StringComparer.Ordinal);
    private readonly Dictionary<long, long> _askedAtAge = [];
    private readonly AcceptedAges _ages = new(engine, options.QueryAfter);
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;
    private long? _before;
    private long _nextPage;
    private long _asked;
    private long _told;
    private long _givenUp;

    /// <summary>Queries sent.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <summary>Those of them that told a final state.</summary>
    public long Told => Interlocked.Read(ref _told);

    /// <summary>Parts given up as unknown.</summary>
    public long GivenUp => Interlocked.Read(ref _givenUp);

    public void Start() => _run = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        await Task.WhenAll(_askings.Values.Select(a => a.Query)).ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>One step: perhaps a page of the list, and for each channel perhaps one query.</summary>
    internal void Turn()
    {
        _ages.Note();
        if (engine.Time.GetTimestamp() >= _nextPage)
        {
            ReadPage();
        }

        foreach (var asking in _askings.Values)
        {
            if (asking.SilentUntil > engine.Time.GetTimestamp())
            {
                asking.Candidates.Clear();
            }
            else if (asking.Query.IsCompleted && asking.Candidates.Count > 0
                && channels.Find(asking.Channel) is SmppChannel { IsIdle: true } channel)
            {
                asking.Query = AskAsync(asking, channel, asking.Candidates.Dequeue());
            }
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Turn();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A list that cannot be read now is no reason to stop looking.
                onFailed(e);
                _nextPage = engine.Time.GetTimestamp() + Ticks(options.Rest);
            }

            await Task.Delay(options.Pace, engine.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void ReadPage()
    {
        var page = lists.List(new MessageFilter { Status = MessageStatus.Sent, Limit = PageRows, Before = _before ?? _ages.Before }, _stop.Token);
        _before = page.NextBefore;
        _nextPage = engine.Time.GetTimestamp() + Ticks(_before is null ? options.Rest : options.PageEvery);
        var now = engine.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var unknown = new EventBatch();
        foreach (var row in page.Rows)
        {
            if (now - row.SentMs < options.QueryAfter.TotalMilliseconds)
            {
                continue;
            }

            // The row counts what is billed; a text that went in one piece is one job.
            var jobs = row.Parts > 1 ? Math.Max((byte)1, engine.Find(new JobId(row.Id)).Parts) : 1;
            for (var part = 0; part < jobs; part++)
            {
                Look(new JobId(row.Id + part), now, unknown);
            }
        }

        if (unknown.Count > 0)
        {
            Interlocked.Add(ref _givenUp, unknown.Count);
            engine.Append(unknown);
        }
    }

    private void Look(JobId job, long now, EventBatch unknown)
    {
        if (OverduePart.Find(engine, job) is not { } part)
        {
            return;
        }

        if (part.OverdueMs(now) >= options.UnknownAfter.TotalMilliseconds)
        {
            Add(unknown, part, ReceiptState.Unknown, _noReceipt);
        }
        else if (part.CarrierId.Length > 0 && part.AgeMs(now) >= options.QueryAfter.TotalMilliseconds && IsDue(part, now))
        {
            if (!_askings.TryGetValue(part.Channel, out var asking))
            {
                _askings.Add(part.Channel, asking = new Asking(part.Channel));
            }

            if (asking.Candidates.Count < MaxCandidates)
            {
                asking.Candidates.Enqueue(part);
                Remember(part, now);
            }
        }
    }

    /// <summary>Not asked about yet, or twice as old as the last time.</summary>
    private bool IsDue(OverduePart part, long now) =>
        !_askedAtAge.TryGetValue(part.Job.Value, out var age) || part.AgeMs(now) >= 2 * age;

    private void Remember(OverduePart part, long now)
    {
        if (_askedAtAge.Count >= MaxAsked)
        {
            _askedAtAge.Clear();
        }

        _askedAtAge[part.Job.Value] = part.AgeMs(now);
    }

    private async Task AskAsync(Asking asking, SmppChannel channel, OverduePart part)
    {
        try
        {
            // Its receipt may have come while it waited for its turn.
            if (OverduePart.Find(engine, part.Job) is null)
            {
                return;
            }

            Interlocked.Increment(ref _asked);
            var answer = await channel.QueryAsync(part.CarrierId, part.From, _stop.Token).ConfigureAwait(false);
            if (answer.Outcome == QueryOutcome.Answered && answer.Status == CommandStatus.InvalidCommandId)
            {
                asking.SilentUntil = engine.Time.GetTimestamp() + Ticks(_silence);
            }
            else if (answer.Outcome == QueryOutcome.Answered && answer.Status == CommandStatus.Ok)
            {
                Record(part, (ReceiptState)answer.MessageState, answer.ErrorCode);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            onFailed(e);
        }
    }

    /// <summary>UNKNOWN is not recorded: a carrier says so of what it has forgotten, delivered or not, and a receipt may still come.</summary>
    private void Record(OverduePart part, ReceiptState state, byte error)
    {
        if (!state.IsFinal() || state == ReceiptState.Unknown || OverduePart.Find(engine, part.Job) is null)
        {
            return;
        }

        Interlocked.Increment(ref _told);
        var batch = new EventBatch();
        Add(batch, part, state, error == 0 ? [] : Encoding.ASCII.GetBytes(error.ToString("D3", CultureInfo.InvariantCulture)));
        engine.Append(batch);
    }

    private static void Add(EventBatch batch, OverduePart part, ReceiptState state, ReadOnlySpan<byte> error)
    {
        Span<byte> buffer = stackalloc byte[ReceiptData.MaxBytes];
        var data = new ReceiptData
        {
            State = state,
            Id = part.CarrierId,
            Error = error,
            Channel = Encoding.UTF8.GetBytes(part.Channel),
            Destination = part.Destination,
        };
        batch.Add(part.Job, MessagingEvents.Receipt, buffer[..data.Write(buffer)]);
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * engine.Time.TimestampFrequency);

    /// <summary>What one channel's carrier is asked.</summary>
    private sealed class Asking(string channel)
    {
        private long _silentUntil = long.MinValue;

        public string Channel => channel;

        public Queue<OverduePart> Candidates { get; } = new();

        public Task Query { get; set; } = Task.CompletedTask;

        public long SilentUntil
        {
            get => Volatile.Read(ref _silentUntil);
            set => Volatile.Write(ref _silentUntil, value);
        }
    }
}

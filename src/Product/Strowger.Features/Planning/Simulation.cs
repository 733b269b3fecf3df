using Strowger.Engine;

namespace Strowger.Features.Planning;

/// <summary>
/// The plan by trial: the server's own engine, stages and pacing, with a journal in a directory that is thrown away and a clock that
/// jumps from event to event. One thread, one seed: the same input gives the same figures.
/// </summary>
public sealed class Simulation : IAsyncDisposable
{
    private const string Queue = "plan";

    /// <summary>A campaign that comes over hours is accepted in steps of this, as a file is read.</summary>
    private static readonly long _step = TimeSpan.FromMilliseconds(10).Ticks;

    /// <summary>Codes alone are looked at for so long.</summary>
    private static readonly long _codesOnly = TimeSpan.FromMinutes(10).Ticks;

    private readonly PlanInput _input;
    private readonly SimulatedTime _time = new();
    private readonly Random _random;
    private readonly DirectoryInfo _directory;
    private readonly JobEngine _engine;
    private readonly List<SimulatedChannel> _channels = [];
    private readonly FlowHandle _bulk;
    private readonly FlowHandle _urgent;
    private readonly JobBatch _batch = new();
    private readonly List<long> _acceptedAt = [0];
    private readonly List<double> _campaign = [];
    private readonly List<double> _codes = [];
    private readonly double _scale;
    private long[]? _atEnd;
    private readonly long _backlog;
    private readonly long _parts;
    private long _enqueued;
    private long _left;
    private long _lastCampaign;
    private long _codeCount;

    private Simulation(PlanInput input, DirectoryInfo directory)
    {
        _input = input;
        _directory = directory;
        _random = new Random(input.Seed);
        _scale = ScaleOf(input);
        _parts = input.Parts > 0 ? Math.Max(1, (long)(input.Parts / _scale)) : 0;
        _backlog = (long)(input.Backlog / _scale);
        _left = _parts + _backlog;
        _engine = JobEngine.Open(
            new EngineOptions { Directory = directory.FullName, SegmentBytes = 4 << 20, CheckpointEveryBytes = 1L << 40 },
            _time,
            new Random(input.Seed),
            new UnsyncedStorage());
        _bulk = _engine.Flow(Queue, Lane.Bulk, "campaign");
        _urgent = _engine.Flow(Queue, Lane.Urgent, "codes");
        foreach (var channel in input.Channels)
        {
            var options = new StageOptions { Name = channel.Name, Width = channel.Width, Rate = channel.Rate, Bucket = channel.Bucket, BreakerFailures = 0 };
            _channels.Add(new SimulatedChannel(_engine.AddStage(options, Queue), channel));
        }
    }

    public SimulationRun Run { get; private set; } = new(0, 0, 0, 1);

    /// <summary>Simulates a plan whose <see cref="PlanInput.Problem"/> is null.</summary>
    /// <exception cref="IOException">The directory for temporary files takes nothing.</exception>
    public static async Task<(PlanFigures Figures, SimulationRun Run)> RunAsync(PlanInput input, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(input);
        var directory = Directory.CreateTempSubdirectory("strowger-plan-");
        try
        {
            await using var simulation = new Simulation(input, directory);
            var figures = await Task.Run(() => simulation.Simulate(cancel), cancel).ConfigureAwait(false);
            return (figures, simulation.Run);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync().ConfigureAwait(false);
        _channels.ForEach(channel => channel.Stage.Dispose());
    }

    /// <summary>One in how many is simulated, so that parts and the codes among them stay within their bounds.</summary>
    private static double ScaleOf(PlanInput input)
    {
        var formula = new ClosedForm(input);
        var all = input.Parts + input.Backlog;
        var perPart = formula.IsSaturated ? 1 / formula.ForCampaign : 1 / Math.Max(1e-9, input.PartsPerSecond ?? formula.ForCampaign);
        var codes = all * perPart * input.CodesPerSecond;
        return Math.Max(1, Math.Max(all / input.MaxSimulated, codes / Math.Min(PlanLimits.MaxSimulatedCodes, input.MaxSimulated)));
    }

    private PlanFigures Simulate(CancellationToken cancel)
    {
        Enqueue(_backlog);
        var campaignEvery = _input.PartsPerSecond is { } rate ? TimeSpan.TicksPerSecond / rate : 0;
        var codeAt = _input.CodesPerSecond > 0 ? NextCode(0) : long.MaxValue;
        var batchAt = _parts > 0 ? 0 : long.MaxValue;
        var horizon = _left > 0 ? long.MaxValue : _codesOnly;
        var turn = 0;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var now = Math.Min(Math.Min(codeAt, batchAt), _channels.Min(channel => channel.Next));
            if (now == long.MaxValue || now > horizon)
            {
                break;
            }

            _time.Set(now);
            var isNew = false;
            if (batchAt <= now)
            {
                var due = campaignEvery == 0 ? _parts : Math.Min(_parts, (long)((now + _step) / campaignEvery));
                isNew = due > _enqueued;
                Enqueue(due - _enqueued);
                _enqueued = due;
                batchAt = _enqueued >= _parts ? long.MaxValue : Math.Max(now + _step, (long)(_enqueued * campaignEvery));
            }

            if (codeAt <= now)
            {
                EnqueueCode();
                isNew = true;
                codeAt = (_parts > 0 && _left == 0) || _codeCount >= PlanLimits.MaxSimulatedCodes ? long.MaxValue : NextCode(codeAt);
            }

            // Turn by turn, as each channel has its own thread.
            for (var i = 0; i < _channels.Count; i++)
            {
                var channel = _channels[(turn + i) % _channels.Count];
                if (channel.Answer(now) | isNew | channel.IsDue(now))
                {
                    channel.HandOver(now, Handed);
                }
            }

            turn++;
            if (_left == 0 && _parts > 0)
            {
                _atEnd ??= [.. _channels.Select(channel => channel.HandedOver)];
            }

            if (_parts + _backlog > 0 && _left == 0 && _codeCount == _codes.Count)
            {
                break;
            }
        }

        return Figures();
    }

    private void Handed(Lease lease)
    {
        var now = _time.GetTimestamp();
        var waited = (now - _acceptedAt[(int)lease.Id.Value]) / (double)TimeSpan.TicksPerSecond;
        if (lease.Lane == Lane.Urgent)
        {
            _codes.Add(waited);
            return;
        }

        _left--;
        _lastCampaign = now;
        if (lease.Id.Value > _backlog)
        {
            _campaign.Add(waited);
        }
    }

    private PlanFigures Figures()
    {
        _campaign.Sort();
        _codes.Sort();
        var latency = _input.Channels.Max(channel => channel.Latency.TotalSeconds);
        Run = new SimulationRun(_input.Seed, _parts + _backlog, _codes.Count, _scale);
        var seconds = Math.Max(_time.GetTimestamp(), 1) / (double)TimeSpan.TicksPerSecond;
        var sending = _parts > 0 ? Math.Max(_lastCampaign / (double)TimeSpan.TicksPerSecond, 1e-3) : seconds;
        return new PlanFigures
        {
            LastSeconds = _parts > 0 ? (_lastCampaign / (double)TimeSpan.TicksPerSecond * _scale) + latency : null,
            CampaignP50 = _parts > 0 ? Share(_campaign, 0.50) * WaitScale : null,
            CampaignP99 = _parts > 0 ? Share(_campaign, 0.99) * WaitScale : null,
            LongestWait = _parts > 0 ? Share(_campaign, 1) * WaitScale : null,
            CodesP50 = _codes.Count > 0 ? Share(_codes, 0.50) : null,
            CodesP99 = _codes.Count > 0 ? Share(_codes, 0.99) : null,
            Utilisation = [.. _channels.Select((channel, i) => (_atEnd?[i] ?? channel.HandedOver) / sending / (_input.Channels[i].Rate ?? _input.Channels[i].ByWindow))],
        };
    }

    /// <summary>Waits of a campaign that piles up grow with its size; where nothing piles up they do not.</summary>
    private double WaitScale => new ClosedForm(_input).IsSaturated ? _scale : 1;

    private static double Share(List<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];

    private long NextCode(long from) =>
        from + Math.Max(1, (long)(-Math.Log(1 - _random.NextDouble()) / _input.CodesPerSecond * TimeSpan.TicksPerSecond));

    private void EnqueueCode()
    {
        var result = _engine.EnqueueAsync(new NewJob { Flow = _urgent, Body = "c"u8 }).AsTask().GetAwaiter().GetResult();
        Took(result.Status == EnqueueStatus.Accepted ? 1 : 0, 1);
        _codeCount++;
    }

    private void Enqueue(long count)
    {
        while (count > 0)
        {
            _batch.Clear();
            var now = (int)Math.Min(count, JobBatch.MaxJobs);
            for (var i = 0; i < now; i++)
            {
                _batch.Add(new NewJob { Flow = _bulk, Body = "c"u8 });
            }

            Took(_engine.EnqueueAsync(_batch).AsTask().GetAwaiter().GetResult().Results.Count, now);
            count -= now;
        }
    }

    private void Took(int accepted, int wanted)
    {
        if (accepted < wanted)
        {
            throw new IOException($"There is no space for the simulation in {_directory.Parent?.FullName}.");
        }

        for (var i = 0; i < accepted; i++)
        {
            _acceptedAt.Add(_time.GetTimestamp());
        }
    }
}

namespace Strowger.Server.ConsolePage;

/// <summary>The last seconds, and what passed in the newest of them. Written by one thread, read by any.</summary>
internal sealed class FlowHistory(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<LivePoint> _points = new();
    private FlowSnapshot? _last;
    private FlowSnapshot? _lastButOne;

    /// <summary>
    /// What came in in the last second and went out over the last two; null before there was one. A pacing that was held up for a
    /// moment catches up within the carrier's bucket: over one second that would look like more than the contract.
    /// </summary>
    public FlowSecond? Newest { get; private set; }

    public LivePast Past
    {
        get
        {
            lock (_gate)
            {
                return new LivePast([.. _points]);
            }
        }
    }

    /// <summary>The most texts that waited since none did.</summary>
    public long PeakWaiting { get; private set; }

    public void Add(FlowSnapshot flow)
    {
        if (_last is { } last)
        {
            var from = _lastButOne ?? last;
            var smooth = FlowSecond.Between(from, flow, time.GetElapsedTime(from.Stamp, flow.Stamp));
            Newest = FlowSecond.Between(last, flow, time.GetElapsedTime(last.Stamp, flow.Stamp)) with
            {
                Out = smooth.Out,
                ChannelLanes = smooth.ChannelLanes,
            };
            var point = new LivePoint(
                flow.Now.ToUnixTimeMilliseconds(),
                Newest.In,
                Newest.Out,
                flow.Channels.Count > 0 && flow.Channels.All(c => c.Rate is not null) ? flow.Channels.Sum(c => c.Rate) : null,
                flow.WaitingTotal);
            lock (_gate)
            {
                _points.Enqueue(point);
                if (_points.Count > ConsoleLimits.HistoryPoints)
                {
                    _points.Dequeue();
                }
            }
        }

        PeakWaiting = flow.WaitingTotal == 0 ? 0 : Math.Max(PeakWaiting, flow.WaitingTotal);
        (_lastButOne, _last) = (_last, flow);
    }
}

/// <summary>What passed between two looks, a second; lanes are urgent, normal, bulk.</summary>
internal sealed record FlowSecond(double In, double Out, IReadOnlyList<double> LaneIn, IReadOnlyDictionary<string, IReadOnlyList<double>> ChannelLanes)
{
    public IReadOnlyList<double> LanesOf(string channel) => ChannelLanes.GetValueOrDefault(channel, [0, 0, 0]);

    public static FlowSecond Between(FlowSnapshot a, FlowSnapshot b, TimeSpan passed)
    {
        var seconds = Math.Max(passed.TotalSeconds, 0.05);
        var channels = new Dictionary<string, IReadOnlyList<double>>();
        var handed = new long[3];
        foreach (var channel in b.Channels)
        {
            // A channel made anew counts from nothing again.
            var last = a.Channels.FirstOrDefault(c => c.Name == channel.Name);
            var before = last?.HandedOut ?? [0, 0, 0];
            var all = channel.HandedOut.Sum() - before.Sum();
            var refused = channel.Refused - (last?.Refused ?? 0);
            var taken = all > 0 ? Math.Clamp((all - refused) / (double)all, 0, 1) : 0;
            var rates = new double[3];
            for (var lane = 0; lane < rates.Length; lane++)
            {
                var count = Math.Max(0, channel.HandedOut[lane] - before[lane]);
                handed[lane] += (long)(count * taken);
                rates[lane] = Math.Round(count * taken / seconds, 1);
            }

            channels[channel.Name] = rates;
        }

        // What came into a lane is what left it and what more waits in it.
        var laneIn = new double[3];
        for (var lane = 0; lane < laneIn.Length; lane++)
        {
            laneIn[lane] = Math.Round(Math.Max(0, handed[lane] + b.Waiting[lane] - a.Waiting[lane]) / seconds, 1);
        }

        return new FlowSecond(
            // Of a whole second the very number, so that it agrees with the total beside it.
            Math.Round(Math.Max(0, b.AcceptedTotal - a.AcceptedTotal) / (seconds is > 0.9 and < 1.1 ? 1 : seconds), 1),
            Math.Round(handed.Sum() / seconds, 1),
            laneIn,
            channels);
    }
}

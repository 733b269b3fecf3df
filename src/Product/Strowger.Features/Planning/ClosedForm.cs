namespace Strowger.Features.Planning;

/// <summary>
/// The plan by formulas. A campaign larger than what leaves in its time is a liquid: it runs through what the codes leave of the channels.
/// Codes are an M/D/1 queue in front of it. <c>docs/plan.md</c> says which formula, and where it is from.
/// </summary>
internal sealed class ClosedForm
{
    /// <summary>What bulk keeps though codes wait: a twentieth of each hand-out is put aside for it.</summary>
    private const double BulkShare = 0.05;

    private readonly PlanInput _input;

    public ClosedForm(PlanInput input)
    {
        _input = input;
        Capacity = input.Channels.Sum(channel => channel.Capacity);
    }

    /// <summary>Parts a second over all channels while a campaign fills them.</summary>
    public double Capacity { get; }

    /// <summary>What is left of it for the campaign.</summary>
    public double ForCampaign => Math.Max(Capacity - _input.CodesPerSecond, Capacity * BulkShare / (1 + BulkShare));

    /// <summary>Codes leave as fast as they come, also while a campaign has its share.</summary>
    public bool CodesAreCarried => _input.CodesPerSecond < (_input.Parts > 0 ? Capacity / (1 + BulkShare) : Capacity);

    /// <summary>The campaign comes faster than it leaves.</summary>
    public bool IsSaturated => _input.Parts > 0 && (_input.PartsPerSecond is not { } rate || rate > ForCampaign);

    public PlanFigures Figures()
    {
        var latency = _input.Channels.Max(channel => channel.Latency.TotalSeconds);
        var before = _input.Backlog / ForCampaign;
        var last = _input.Parts <= 0 ? (double?)null
            : IsSaturated ? before + (_input.Parts / ForCampaign) + latency
            : Math.Max(before, _input.Parts / _input.PartsPerSecond!.Value) + latency;
        return new PlanFigures
        {
            LastSeconds = last,
            CampaignP50 = CampaignWait(0.50),
            CampaignP99 = CampaignWait(0.99),
            CodesP50 = CodeWait(0.50),
            CodesP99 = CodeWait(0.99),
            Utilisation = [.. _input.Channels.Select(UseOf)],
        };
    }

    /// <summary>Share of the contract that is used while the campaign runs.</summary>
    private double UseOf(PlanChannel channel)
    {
        var offered = IsSaturated ? Capacity : Math.Min(Capacity, _input.CodesPerSecond + (_input.Parts > 0 ? _input.PartsPerSecond ?? 0 : 0));
        return offered * (channel.Capacity / Capacity) / (channel.Rate ?? channel.ByWindow);
    }

    private double? CampaignWait(double share)
    {
        if (_input.Parts <= 0)
        {
            return null;
        }

        // Someone in the middle of the file waits for the half before them, less what had not been accepted yet when it left.
        if (IsSaturated)
        {
            var arrival = _input.PartsPerSecond is { } rate ? 1 / rate : 0;
            return (_input.Backlog / ForCampaign) + (share * _input.Parts * ((1 / ForCampaign) - arrival));
        }

        // Lower of two classes that are not interrupted (Cobham 1954); the tail taken as exponential.
        var codes = _input.CodesPerSecond / Capacity;
        var all = codes + (_input.PartsPerSecond!.Value / Capacity);
        var mean = codes <= 0 || all >= 1 ? 0 : codes / Capacity / 2 / ((1 - codes) * (1 - all));
        return share <= 1 - codes || mean <= 0 ? 0 : mean / codes * Math.Log(codes / (1 - share));
    }

    private double? CodeWait(double share)
    {
        if (_input.CodesPerSecond <= 0 || !CodesAreCarried)
        {
            return null;
        }

        return CodeWaitByWindow(share) is { } byWindow ? Math.Min(byWindow, CodeWaitByRate(share)) : CodeWaitByRate(share);
    }

    /// <summary>A channel with room in its rate and a full window has slots that only codes use: M/D/c over those.</summary>
    private double? CodeWaitByWindow(double share)
    {
        var slots = 0;
        var latency = 0.0;
        foreach (var channel in _input.Channels)
        {
            if (channel.IsLimitedByWindow)
            {
                slots += IsSaturated ? channel.UrgentSlots : channel.Width;
                latency = Math.Max(latency, channel.Latency.TotalSeconds);
            }
        }

        if (slots == 0 || _input.CodesPerSecond * latency >= slots)
        {
            return slots == 0 ? null : double.PositiveInfinity;
        }

        var busy = Queueing.ErlangC(_input.CodesPerSecond * latency, slots);
        var mean = Queueing.MeanWaitMdc(_input.CodesPerSecond, latency, slots);
        return share <= 1 - busy || mean <= 0 ? 0 : mean / busy * Math.Log(busy / (1 - share));
    }

    /// <summary>
    /// Where the rate limits, a code waits for a token. With a campaign behind it no token is ever left over: the wait is that of M/D/1 and, as the
    /// token last taken was the campaign's, the rest of an interval (Fuhrmann and Cooper, Operations Research 33, 1985). Without one, the
    /// bucket's tokens take that much off the wait.
    /// </summary>
    private double CodeWaitByRate(double share)
    {
        var interval = 1 / Capacity;
        if (IsSaturated)
        {
            var queue = new MdOneQueue(_input.CodesPerSecond, interval * (1 + BulkShare));
            return Queueing.Quantile(t => WithRest(queue, t, interval), share, 3600);
        }

        var load = _input.CodesPerSecond + (_input.Parts > 0 ? _input.PartsPerSecond ?? 0 : 0);
        if (load >= Capacity)
        {
            return double.PositiveInfinity;
        }

        var tokens = _input.Channels.Sum(channel => Math.Max(1, (channel.Rate ?? channel.ByWindow) * channel.Bucket.TotalSeconds / 2));
        var alone = new MdOneQueue(load, interval);
        return Queueing.Quantile(t => alone.AtMost(t + ((tokens - 1) * interval)), share, 3600);
    }

    /// <summary>The mean over the rest of an interval of what the queue says: Simpson's rule on 16 steps.</summary>
    private static double WithRest(MdOneQueue queue, double seconds, double interval)
    {
        const int Steps = 16;
        var sum = 0.0;
        for (var i = 0; i <= Steps; i++)
        {
            var weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * queue.AtMost(seconds - (interval * i / Steps));
        }

        return sum / (3 * Steps);
    }
}

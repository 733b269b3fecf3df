using Strowger.Records.Campaigns;

namespace Strowger.Features.Campaigns;

/// <summary>How many texts each campaign may have waiting, for one turn of the runner.</summary>
internal sealed class Allowance
{
    private readonly Dictionary<string, int> _campaigns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _rates = new(StringComparer.Ordinal);

    private Allowance()
    {
    }

    /// <summary>Counts the campaigns that feed each queue now.</summary>
    public static Allowance SharesOf(IReadOnlyList<CampaignRun> runs, DateTimeOffset now)
    {
        var shares = new Allowance();
        var queues = new HashSet<string>(StringComparer.Ordinal);
        foreach (var run in runs)
        {
            if (run.State != CampaignState.Running)
            {
                continue;
            }

            queues.Clear();
            foreach (var pass in run.Passes)
            {
                if (pass.Queue is { } queue && !pass.Progress.IsDone && run.IsOpen(pass.Progress.TimeZone, now) && queues.Add(queue))
                {
                    shares._campaigns[queue] = shares._campaigns.GetValueOrDefault(queue) + 1;
                }
            }
        }

        return shares;
    }

    /// <summary>Texts that a pass may add: one to begin with, for nobody knows its queue before.</summary>
    public int Of(CampaignRun run, PassRun pass, CampaignDoor door)
    {
        if (pass.Queue is not { } queue)
        {
            return 1;
        }

        if (!_rates.TryGetValue(queue, out var rate))
        {
            rate = door.RateOf(queue);
            _rates.Add(queue, rate);
        }

        rate /= Math.Max(1, _campaigns.GetValueOrDefault(queue));
        rate = run.Rate is { } own ? Math.Min(own, rate) : rate;
        var most = Math.Clamp(rate * CampaignLimits.Ahead.TotalSeconds, 1, CampaignLimits.MaxAhead);
        return (int)Math.Max(0, most - pass.Group.LiveIn(queue));
    }
}

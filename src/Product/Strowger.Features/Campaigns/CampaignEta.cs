using NodaTime;
using Strowger.Engine;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Campaigns;

/// <summary>
/// When campaigns will have left: what is left of each runs down at once, queues divide their rates evenly among the flows that have work, as
/// the engine does, a campaign takes no more than its own rate, and nothing moves outside its hours. It ends no sooner than its sender's limits
/// allow. What else comes meanwhile is not known.
/// </summary>
internal static class CampaignEta
{
    /// <summary>Steps at most: each ends one campaign's share or one zone's hours.</summary>
    private const int MaxSteps = 5_000;

    private const long Candidate = 0;
    private const long Others = -1;

    public static (IReadOnlyDictionary<long, DateTimeOffset?> Ends, (DateTimeOffset? First, DateTimeOffset? Last) Candidate) Of(
        JobEngine engine, CampaignDoor door, IReadOnlyList<CampaignRun> runs, (CampaignSpec Spec, CampaignScan Scan)? candidate, DateTimeOffset now)
    {
        var shares = new List<Share>();
        var inQueue = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var run in runs)
        {
            AddRun(run, shares, inQueue);
        }

        if (candidate is { } wanted)
        {
            AddCandidate(wanted.Spec, wanted.Scan, shares);
        }

        // What waits there besides takes its turns too.
        foreach (var queue in shares.Select(share => share.Queue).Distinct().ToArray())
        {
            var waiting = engine.GetQueue(queue)?.ReadyCost.Sum() ?? 0;
            shares.Add(new Share(Others, queue, Math.Max(0, waiting - inQueue.GetValueOrDefault(queue)), null, null, null));
        }

        var (first, ends) = Simulate(shares, door, now);
        foreach (var run in runs)
        {
            WaitForLimits(ends, run.Record.Id, run.Record.From, run.Passes.Where(p => p.Queue is not null && !p.Progress.IsDone).Select(p => (p.Queue!, LeftOf(p.Progress))), door, now);
        }

        if (candidate is { } text)
        {
            WaitForLimits(ends, Candidate, text.Spec.From, text.Scan.Queued.Select(q => (q.Queue, (double)q.Pass.Parts)), door, now);
        }

        return (ends, (first, ends.GetValueOrDefault(Candidate)));
    }

    /// <summary>What waits in the queues already is known to the limits; what is still in the file is not.</summary>
    private static void WaitForLimits(
        Dictionary<long, DateTimeOffset?> ends, long campaign, string from, IEnumerable<(string Queue, double Parts)> left, CampaignDoor door, DateTimeOffset now)
    {
        foreach (var queue in left.GroupBy(part => part.Queue, part => part.Parts))
        {
            var end = now + door.LimitWait(queue.Key, from, (long)queue.Sum());
            ends[campaign] = ends.GetValueOrDefault(campaign) is { } known && known < end ? end : ends.GetValueOrDefault(campaign);
        }
    }

    private static double LeftOf(CampaignPass progress) =>
        progress.Rows > 0 ? Math.Max(0, progress.Rows - progress.Taken) * (progress.Parts / (double)progress.Rows) : 0;

    private static void AddRun(CampaignRun run, List<Share> shares, Dictionary<string, double> inQueue)
    {
        var record = run.Record;
        foreach (var pass in run.Passes)
        {
            var progress = pass.Progress;
            var each = progress.Rows > 0 ? progress.Parts / (double)progress.Rows : 1;
            var queued = pass.Queue is null ? 0 : pass.Group.LiveIn(pass.Queue);
            var left = progress.IsDone ? 0 : Math.Max(0, progress.Rows - progress.Taken) * each;
            if (pass.Queue is { } queue)
            {
                inQueue[queue] = inQueue.GetValueOrDefault(queue) + queued;
            }

            if (run.State == CampaignState.Running && left + queued > 0)
            {
                var (hours, zone) = HoursOf(record.Hours, progress.TimeZone);
                shares.Add(new Share(record.Id, pass.Queue ?? string.Empty, left + queued, record.Rate, hours, zone));
            }
        }
    }

    private static void AddCandidate(CampaignSpec spec, CampaignScan scan, List<Share> shares)
    {
        foreach (var (pass, queue) in scan.Queued)
        {
            var (hours, zone) = HoursOf(spec.Hours, pass.TimeZone);
            shares.Add(new Share(Candidate, queue, pass.Parts, spec.Rate, hours, zone));
        }
    }

    private static (DateTimeOffset? First, Dictionary<long, DateTimeOffset?> Ends) Simulate(List<Share> shares, CampaignDoor door, DateTimeOffset now)
    {
        var ends = shares.Where(share => share.Campaign != Others).Select(share => share.Campaign).Distinct().ToDictionary(id => id, _ => (DateTimeOffset?)null);
        var rates = shares.Select(share => share.Queue).Distinct().ToDictionary(queue => queue, door.RateOf);
        DateTimeOffset? first = null;
        for (var step = 0; step < MaxSteps; step++)
        {
            var left = shares.FindAll(share => share.Left > 0);
            if (left.TrueForAll(share => share.Campaign == Others))
            {
                break;
            }

            Divide(left, rates, now);
            first ??= left.Exists(share => share.Campaign == Candidate && share.Rate > 0) ? now : null;
            if (NextStep(left, now) is not { } wait)
            {
                break;
            }

            now += wait;
            foreach (var share in left)
            {
                share.Left -= share.Rate * wait.TotalSeconds;
                share.Left = share.Left < 1e-6 ? 0 : share.Left;
            }

            foreach (var id in left.Where(share => share.Left == 0 && share.Campaign != Others).Select(share => share.Campaign).Distinct())
            {
                ends[id] = left.Exists(share => share.Campaign == id && share.Left > 0) ? null : now;
            }
        }

        return (first, ends);
    }

    /// <summary>Evenly among the open ones of a queue, those with a rate of their own first.</summary>
    private static void Divide(List<Share> left, Dictionary<string, double> rates, DateTimeOffset now)
    {
        foreach (var share in left)
        {
            share.Rate = 0;
        }

        foreach (var queue in left.GroupBy(share => share.Queue))
        {
            var open = queue.Where(share => share.IsOpen(now)).OrderBy(share => share.OwnRate ?? double.PositiveInfinity).ToArray();
            var free = rates[queue.Key];
            for (var i = 0; i < open.Length; i++)
            {
                // A campaign's own rate is for all its shares together.
                var own = open[i].OwnRate is { } rate ? rate / Math.Max(1, left.Count(other => other.Campaign == open[i].Campaign && other.IsOpen(now))) : double.PositiveInfinity;
                open[i].Rate = Math.Min(own, free / (open.Length - i));
                free -= open[i].Rate;
            }
        }
    }

    /// <summary>Until a share is empty, or hours begin or end; null when nothing will ever move.</summary>
    private static TimeSpan? NextStep(List<Share> left, DateTimeOffset now)
    {
        double? seconds = null;
        foreach (var share in left)
        {
            var until = share.Rate > 0 ? share.Left / share.Rate : double.PositiveInfinity;
            if (share.Hours is { } hours)
            {
                until = Math.Min(until, (hours.NextChange(now, share.Zone!) - now).TotalSeconds);
            }

            seconds = until < (seconds ?? double.PositiveInfinity) ? until : seconds;
        }

        // A century is no time to tell anybody.
        return seconds is null or > 3.2e9 ? null : TimeSpan.FromSeconds(Math.Max(seconds.Value, 0.001));
    }

    private static (Hours? Hours, DateTimeZone? Zone) HoursOf(CampaignHours? hours, string zone) =>
        hours is null ? (null, null) : (new Hours(hours), Hours.ZoneOf(zone) ?? DateTimeZone.Utc);

    private sealed class Share(long campaign, string queue, double left, double? ownRate, Hours? hours, DateTimeZone? zone)
    {
        public readonly long Campaign = campaign;
        public readonly string Queue = queue;
        public readonly double? OwnRate = ownRate;
        public readonly Hours? Hours = hours;
        public readonly DateTimeZone? Zone = zone;
        public double Left = left;
        public double Rate;

        public bool IsOpen(DateTimeOffset now) => Hours is null || Hours.IsOpen(now, Zone!);
    }
}

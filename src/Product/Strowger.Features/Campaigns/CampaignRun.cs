using NodaTime;
using Strowger.Engine;
using Strowger.Engine.Limits;
using Strowger.Records.Campaigns;

namespace Strowger.Features.Campaigns;

/// <summary>A campaign that is not over: what its owner wants, its flows in the engine, and its passes through the file.</summary>
internal sealed class CampaignRun : IDisposable
{
    private readonly Lock _turn = new();
    private readonly Dictionary<string, Zone> _zones = new(StringComparer.Ordinal);
    private readonly Hours? _hours;
    private readonly TimeProvider _time;
    private TokenBucket? _bucket;
    private CampaignRecord _record;

    public CampaignRun(CampaignRecord record, JobEngine engine, TimeProvider time)
    {
        _record = record;
        _time = time;
        Id = new CampaignId(record.Id).ToString();
        _hours = record.Hours is null ? null : new Hours(record.Hours);
        _bucket = record.Rate is { } rate ? new TokenBucket(Id, rate, CapacityOf(rate), time) : null;
        foreach (var name in record.Passes.Select(pass => pass.TimeZone).Distinct())
        {
            // A text that is queued when its recipients' hours end must wait: what is held is a flow, so each zone has its own.
            var group = FlowGroup.Of(engine, name.Length == 0 ? Id : $"{Id}/{name}");
            group.SetLimits(_bucket is null ? [] : [_bucket]);
            _zones.Add(name, new Zone(group, name.Length == 0 ? null : Hours.ZoneOf(name) ?? DateTimeZone.Utc));
        }

        Passes = [.. record.Passes.Select((pass, number) => new PassRun(this, record, number, _zones[pass.TimeZone].Group))];
        Hold(time.GetUtcNow());
    }

    public string Id { get; }

    public IReadOnlyList<PassRun> Passes { get; }

    public IEnumerable<FlowGroup> Groups => _zones.Values.Select(zone => zone.Group);

    public CampaignState State => _record.State;

    public double? Rate => _record.Rate;

    public long Number => _record.Id;

    /// <summary>With passes as far as they are.</summary>
    public CampaignRecord Record
    {
        get
        {
            lock (_turn)
            {
                return _record with { Passes = [.. Passes.Select(pass => pass.Progress)] };
            }
        }
    }

    /// <summary>Texts that wait, and those in any live state, in all its flows.</summary>
    public FlowGroupInfo Queued
    {
        get
        {
            var (ready, live, inHand) = (0L, 0L, 0L);
            foreach (var zone in _zones.Values)
            {
                var info = zone.Group.GetInfo();
                (ready, live, inHand) = (ready + info.Ready, live + info.Live, inHand + info.InHand);
            }

            return new FlowGroupInfo(ready, live, inHand);
        }
    }

    /// <summary>When the next of its zones opens, when none that has something left is open; null otherwise.</summary>
    public DateTimeOffset? OpensAt(DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var (name, zone) in _zones)
        {
            if (!Passes.Any(pass => pass.Progress.TimeZone == name && !pass.Progress.IsDone) && zone.Group.GetInfo().Live == 0)
            {
                continue;
            }

            if (IsOpen(zone, now))
            {
                return null;
            }

            var opens = _hours!.NextChange(now, zone.Clock!);
            next = next is null || opens < next ? opens : next;
        }

        return next;
    }

    /// <summary>What its owner decides: holds or lets go at once. False when that does not go with its state.</summary>
    public bool Turn(CampaignState state, DateTimeOffset now, Action<CampaignState> keep)
    {
        lock (_turn)
        {
            if (!MayTurn(_record.State, state))
            {
                return false;
            }

            // Held before it is written down, so that nothing leaves while the disk works; let go only after.
            var before = _record;
            _record = _record with { State = state };
            if (state != CampaignState.Running)
            {
                Hold(now);
            }

            try
            {
                keep(state);
            }
            catch
            {
                _record = before;
                Hold(now);
                throw;
            }

            Hold(now);
            return true;
        }
    }

    /// <summary>Another rate from now on, parts a second; null: as fast as its channels. False when it is ending.</summary>
    public bool ChangeRate(double? rate, Action<double?> keep)
    {
        lock (_turn)
        {
            if (_record.State is not (CampaignState.Running or CampaignState.Paused))
            {
                return false;
            }

            // Written down before it counts: a faster campaign may cost money.
            keep(rate);
            _record = _record with { Rate = rate };
            var had = _bucket;
            _bucket = rate is not { } wanted ? null : had ?? new TokenBucket(Id, wanted, CapacityOf(wanted), _time);
            foreach (var zone in _zones.Values)
            {
                if (_bucket is not null && had is not null)
                {
                    zone.Group.ChangeLimit(_bucket, _record.Rate!.Value, CapacityOf(_record.Rate.Value));
                }
                else
                {
                    zone.Group.SetLimits(_bucket is null ? [] : [_bucket]);
                }
            }

            return true;
        }
    }

    /// <summary>Holds and lets go flows as its state and its hours say.</summary>
    public void Hold(DateTimeOffset now)
    {
        lock (_turn)
        {
            foreach (var zone in _zones.Values)
            {
                var held = _record.State != CampaignState.Running || !IsOpen(zone, now);
                if (held == zone.Group.IsPaused)
                {
                    continue;
                }

                if (held)
                {
                    zone.Group.Pause();
                }
                else
                {
                    zone.Group.Resume();
                }
            }
        }
    }

    public bool IsOpen(string timeZone, DateTimeOffset now) => IsOpen(_zones[timeZone], now);

    public DateTimeOffset NextChange(string timeZone, DateTimeOffset now) =>
        _zones[timeZone].Clock is { } clock ? _hours!.NextChange(now, clock) : DateTimeOffset.MaxValue;

    /// <summary>Its flows are over.</summary>
    public void Forget()
    {
        foreach (var zone in _zones.Values)
        {
            zone.Group.Forget();
        }

        Dispose();
    }

    public void Dispose()
    {
        foreach (var pass in Passes)
        {
            pass.Close();
        }
    }

    private bool IsOpen(Zone zone, DateTimeOffset now) => zone.Clock is not { } clock || _hours!.IsOpen(now, clock);

    private static bool MayTurn(CampaignState from, CampaignState to) => (from, to) switch
    {
        (CampaignState.Running, CampaignState.Paused or CampaignState.Cancelling or CampaignState.Done) => true,
        (CampaignState.Paused, CampaignState.Running or CampaignState.Cancelling) => true,
        (CampaignState.Cancelling, CampaignState.Cancelled) => true,
        _ => false,
    };

    /// <summary>A tenth of a second's worth: smooth, and a late timer costs nothing.</summary>
    private static double CapacityOf(double rate) => Math.Max(1, rate / 10);

    private sealed record Zone(FlowGroup Group, DateTimeZone? Clock);
}

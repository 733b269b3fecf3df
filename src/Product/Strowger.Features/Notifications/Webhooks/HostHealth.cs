using System.Collections.Concurrent;
using Strowger.Engine;
using Strowger.Engine.Limits;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>
/// A host that failed several times in a row is only tried now and then, by a bucket on its flows: what waits for it stays in its
/// queue, costs nothing and leaves the width to others. The first post that is taken opens it again.
/// </summary>
internal sealed class HostHealth(JobEngine engine, string queue)
{
    private readonly ConcurrentDictionary<string, Failures> _hosts = new(StringComparer.Ordinal);

    public void Observe(string host, OutcomeKind outcome)
    {
        switch (outcome)
        {
            case OutcomeKind.Retry:
                Failed(host);
                break;
            case OutcomeKind.Done:
                Succeeded(host);
                break;
        }
    }

    private void Failed(string host)
    {
        if (_hosts.Count >= WebhookLimits.MaxHosts)
        {
            return;
        }

        var failures = _hosts.GetOrAdd(host, static _ => new Failures());
        lock (failures)
        {
            if (++failures.InARow < WebhookLimits.HostFailures || failures.IsLimited)
            {
                return;
            }

            failures.IsLimited = true;
            SetLimits(host, new TokenBucket(host, 1 / WebhookLimits.HostProbe.TotalSeconds, 1, engine.Time));
        }
    }

    private void Succeeded(string host)
    {
        if (!_hosts.TryGetValue(host, out var failures))
        {
            return;
        }

        lock (failures)
        {
            failures.InARow = 0;
            if (failures.IsLimited)
            {
                failures.IsLimited = false;
                SetLimits(host);
            }
        }
    }

    private void SetLimits(string host, params TokenBucket[] limits)
    {
        foreach (var lane in (ReadOnlySpan<Lane>)[Lane.Urgent, Lane.Normal, Lane.Bulk])
        {
            engine.SetLimits(engine.Flow(queue, lane, host), limits);
        }
    }

    private sealed class Failures
    {
        public int InARow;
        public bool IsLimited;
    }
}

using Strowger.Engine.Journaling;
using Strowger.Features.Notifications.Alarms;

namespace Strowger.Server.Http.Metrics;

/// <summary>All figures of the server as they stand: what <c>/metrics</c> shows and OTLP sends.</summary>
internal sealed class MetricsSource(HttpServices services, Lag lag, Func<int> streams)
{
    /// <summary>Queues and channels told one by one; more would choke the scraper. The totals count all.</summary>
    private const int MaxNamed = 1000;

    private static readonly string[] _lanes = ["urgent", "normal", "bulk"];

    public void Write(MetricsSink sink)
    {
        WriteQueues(sink);
        WriteChannels(sink);
        SmppClientMetrics.Write(sink, services.SmppDoor?.Clients ?? []);
        WriteLog(sink);
        WriteAlarms(sink);
        ProcessMetrics.Write(sink);
    }

    private void WriteQueues(MetricsSink sink)
    {
        var queues = services.Engine.GetQueues().Take(MaxNamed).ToArray();
        sink.Gauge("strowger_queue_ready", "Jobs that wait to be handed out.");
        foreach (var queue in queues)
        {
            for (var lane = 0; lane < _lanes.Length; lane++)
            {
                sink.Sample(queue.ReadyJobs[lane], ("queue", queue.Name), ("lane", _lanes[lane]));
            }
        }

        Each("strowger_queue_scheduled", "Jobs that wait for their time.", isCounter: false, q => q.Scheduled);
        Each("strowger_queue_leased", "Jobs in hand.", isCounter: false, q => q.Leased);
        Each("strowger_queue_unsure", "Jobs of which nobody knows whether they were done.", isCounter: false, q => q.Unsure);
        Each("strowger_queue_live", "Jobs that count against the bound.", isCounter: false, q => q.Live);
        Each("strowger_queue_bound", "Jobs the queue takes before it refuses.", isCounter: false, q => q.Bound);
        Each("strowger_queue_paused", "1 when paused.", isCounter: false, q => q.Paused ? 1 : 0);
        Each("strowger_queue_enqueued_total", "Jobs accepted.", isCounter: true, q => q.EnqueuedTotal);
        Each("strowger_queue_done_total", "Jobs done.", isCounter: true, q => q.DoneTotal);
        Each("strowger_queue_dead_total", "Jobs given up.", isCounter: true, q => q.DeadTotal);

        void Each(string name, string help, bool isCounter, Func<Engine.QueueInfo, double> value)
        {
            if (isCounter)
            {
                sink.Counter(name, help);
            }
            else
            {
                sink.Gauge(name, help);
            }

            foreach (var queue in queues)
            {
                sink.Sample(value(queue), ("queue", queue.Name));
            }
        }
    }

    private void WriteChannels(MetricsSink sink)
    {
        var channels = services.Messaging.Channels.All.Take(MaxNamed).Select(c => (c.Name, c.State.State, Info: c.Stage.GetInfo(), c.Binds)).ToArray();
        sink.Gauge("strowger_channel_state", "1 for the state the channel is in.");
        foreach (var channel in channels)
        {
            sink.Sample(1, ("channel", channel.Name), ("state", channel.State));
        }

        Each("strowger_channel_binds", "Binds configured.", c => c.Binds.Count);
        Each("strowger_channel_binds_bound", "Binds that are bound.", c => c.Binds.Count(b => b.State == "bound"));
        Each("strowger_channel_width", "Parts that may be in hand.", c => c.Info.Width);
        Each("strowger_channel_in_flight", "Parts in hand.", c => c.Info.InFlight);
        Each("strowger_channel_rate_limit", "Parts a second as configured; absent when unlimited.", c => c.Info.Rate);
        Each("strowger_channel_rate_effective", "Parts a second at which it is paced now; absent when unlimited.", c => c.Info.RateEffective);
        Each("strowger_channel_rate_used", "Parts a second over the last seconds.", c => c.Info.RateUsed);
        sink.Counter("strowger_channel_refused_total", "Parts the carrier sent back as too fast.");
        foreach (var channel in channels)
        {
            sink.Sample(channel.Info.Refused, ("channel", channel.Name));
        }

        void Each(string name, string help, Func<(string Name, string State, Engine.StageInfo Info, IReadOnlyList<Features.Messaging.Channels.BindInfo> Binds), double?> value)
        {
            sink.Gauge(name, help);
            foreach (var channel in channels)
            {
                if (value(channel) is { } known)
                {
                    sink.Sample(known, ("channel", channel.Name));
                }
            }
        }
    }

    private void WriteAlarms(MetricsSink sink)
    {
        if (services.Alarms is not { } alarms)
        {
            return;
        }

        var open = alarms.Book.Open().ToLookup(alarm => alarm.Rule, StringComparer.Ordinal);
        sink.Gauge("strowger_alarms_open", "Alarms raised or acknowledged and not over, by rule.");
        foreach (var rule in AlarmRules.All)
        {
            sink.Sample(open[rule.Name].Count(), ("rule", rule.Name));
        }
    }

    private void WriteLog(MetricsSink sink)
    {
        var journal = services.Engine.Journal;
        sink.Gauge("strowger_ready", "1 while intake is open.", Readiness.NotReady(services) is null ? 1 : 0);
        sink.Gauge("strowger_storage_full", "1 while nothing new is taken because the disk is full.", services.Engine.IsStorageFull ? 1 : 0);
        sink.Gauge("strowger_event_streams", "Event streams open.", streams());
        sink.Gauge("strowger_journal_begin_bytes", "Position of the oldest record kept.", journal.Begin);
        sink.Gauge("strowger_journal_end_bytes", "Position after the newest record.", journal.End);
        sink.Gauge("strowger_journal_durable_bytes", "Position up to which records are on disk.", journal.DurableEnd);
        sink.Histogram("strowger_journal_sync_seconds", "How long the disk took to make records stable.", SyncTimes.Bounds, journal.SyncTimes.Counts, journal.SyncTimes.Sum.TotalSeconds);
        sink.Gauge("strowger_journal_sync_longest_seconds", "The longest of them since the start.", journal.SyncTimes.Longest.TotalSeconds);
        sink.Gauge("strowger_projection_behind_bytes", "Octets of log that a read model does not have yet.");
        foreach (var projection in services.Projections)
        {
            sink.Sample(projection.Behind, ("projection", projection.Name));
        }

        sink.Gauge("strowger_projection_lag_seconds", "Age of the oldest event that a read model does not have yet.");
        foreach (var projection in services.Projections)
        {
            sink.Sample(lag.Of(projection).TotalSeconds, ("projection", projection.Name));
        }
    }
}

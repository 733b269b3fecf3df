using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Messaging.Statuses;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Planning;

/// <summary>
/// Reads from the log how late the texts of the last minutes were, leg by leg. Bounded work: the newest
/// <see cref="PlanLimits.MaxLogBytes"/> of log, and the history of <see cref="PlanLimits.MaxSampled"/> parts, each of those seen as likely as the others.
/// </summary>
public sealed class LatenessReader(JobEngine engine)
{
    private readonly List<long> _sample = [];
    private readonly Dictionary<string, List<double>[]> _times = new(StringComparer.Ordinal);
    private long _seen;

    /// <param name="last">How far back, up to <see cref="PlanLimits.MaxMinutes"/> minutes.</param>
    /// <param name="random">Chooses the sample.</param>
    /// <param name="cancel">Ends it early.</param>
    public LatenessReport Read(TimeSpan last, Random random, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(random);
        var now = engine.Time.GetUtcNow();
        var since = (now - last).ToUnixTimeMilliseconds();
        var start = StartOf(since, out var first);
        var reader = EventReader.From(engine, start);
        while (reader.ReadRecord((in EngineEvent item) => Choose(item, since, random)))
        {
            cancel.ThrowIfCancellationRequested();
        }

        foreach (var job in _sample.Distinct())
        {
            cancel.ThrowIfCancellationRequested();
            ReadOne(new JobId(job), since);
        }

        return new LatenessReport
        {
            From = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(since, first)),
            To = now,
            Seen = _seen,
            Sampled = _sample.Count,
            IsShortened = first > since,
            Channels = [.. _times.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new ChannelLateness(pair.Key, LegsOf([pair.Value])))],
            All = LegsOf(_times.Values),
        };
    }

    /// <summary>The segment in which that time lies, or a later one where that would be too much to read.</summary>
    private long StartOf(long sinceMs, out long firstMs)
    {
        var segments = engine.Journal.Segments;
        var end = engine.Journal.DurableEnd;
        firstMs = 0;
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            if (segments[i].CreatedMs <= sinceMs)
            {
                return segments[i].Base;
            }

            if (i > 0 && end - segments[i - 1].Base > PlanLimits.MaxLogBytes)
            {
                firstMs = segments[i].CreatedMs;
                return segments[i].Base;
            }
        }

        return engine.Journal.Begin;
    }

    /// <summary>Of a stream of unknown length each as likely as the others (Vitter's algorithm R, 1985).</summary>
    private void Choose(in EngineEvent item, long sinceMs, Random random)
    {
        if (item.TimeMs < sinceMs || !(IsAnswer(item) || IsDelivery(item)))
        {
            return;
        }

        _seen++;
        if (_sample.Count < PlanLimits.MaxSampled)
        {
            _sample.Add(item.Job.Value);
        }
        else if (random.NextInt64(_seen) is var place && place < PlanLimits.MaxSampled)
        {
            _sample[(int)place] = item.Job.Value;
        }
    }

    private bool IsAnswer(in EngineEvent item) =>
        item.Kind == EntryKind.Done && item.Stage > 0 && OtherStages.IsChannel(engine.StageName(item.Stage));

    private static bool IsDelivery(in EngineEvent item) =>
        item.Kind == EntryKind.Event && item.Code == MessagingEvents.Receipt && !item.Job.IsNone
        && ReceiptData.TryRead(item.Data, out var receipt) && receipt.State == ReceiptState.Delivered;

    private void ReadOne(JobId job, long sinceMs)
    {
        long delivered = 0, answered = 0, handed = 0, accepted = 0, asked = 0;
        long? generated = null;
        var stage = 0;

        // Newest first: the hand-over that succeeded is the one just before the answer.
        var isKnown = JobHistory.Read(engine, job, (in EngineEvent item) =>
        {
            if (item.Kind == EntryKind.Accepted)
            {
                accepted = item.TimeMs;
                asked = Math.Max(item.TimeMs, item.DueMs);
                generated = MessageBodyReader.TryRead(item.Data, out var message, out _) ? message.GeneratedAtMs : null;
            }
            else if (IsDelivery(item))
            {
                delivered = item.TimeMs;
            }
            else if (item.Kind == EntryKind.Done && answered == 0)
            {
                (answered, stage) = (item.TimeMs, item.Stage);
            }
            else if (item.Kind == EntryKind.Leased && answered > 0 && handed == 0)
            {
                handed = item.TimeMs;
            }
        });

        if (!isKnown || accepted == 0 || answered == 0 || handed == 0 || stage == 0)
        {
            return;
        }

        var name = engine.StageName(stage);
        if (!_times.TryGetValue(name, out var legs))
        {
            legs = [[], [], [], []];
            _times.Add(name, legs);
        }

        if (answered >= sinceMs)
        {
            Add(legs, Leg.BeforeUs, generated, accepted);
            Add(legs, Leg.Waiting, asked, handed);
            Add(legs, Leg.Carrier, handed, answered);
        }

        Add(legs, Leg.Handset, delivered >= sinceMs ? answered : null, delivered);
    }

    /// <summary>A sender's clock may be ahead of ours, and a receipt may come before the answer: neither is less than no time.</summary>
    private static void Add(List<double>[] legs, Leg leg, long? fromMs, long toMs)
    {
        if (fromMs is { } from)
        {
            legs[(int)leg].Add(Math.Max(0, toMs - from) / 1000.0);
        }
    }

    private static LegTimes[] LegsOf(IEnumerable<List<double>[]> channels)
    {
        var all = channels.ToArray();
        return [.. Enum.GetValues<Leg>().Select(leg => Times(leg, [.. all.SelectMany(legs => legs[(int)leg])]))];
    }

    private static LegTimes Times(Leg leg, double[] seconds)
    {
        Array.Sort(seconds);
        return seconds.Length == 0
            ? new LegTimes(leg, 0, 0, 0, 0)
            : new LegTimes(leg, seconds.Length, At(seconds, 0.50), At(seconds, 0.99), seconds.Average());
    }

    private static double At(double[] sorted, double share) => sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}

using System.Globalization;

namespace Strowger.Server.ConsolePage;

/// <summary>The numbers of the queues, as the stream tells them.</summary>
internal static class WorkTopic
{
    public static LiveTopic Topic { get; } = new("work", Values, Shape);

    public static string KeyOf(QueueFlow queue) => "q-" + string.Concat(queue.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static Dictionary<string, string> Values(LiveFrame frame, Language t)
    {
        var values = new Dictionary<string, string>();
        foreach (var q in frame.Queues)
        {
            var key = KeyOf(q);
            values[key + ".in"] = t.Rate(q.InRate);
            values[key + ".out"] = t.Rate(q.OutRate);
            values[key + ".urgent"] = t.Count(q.Ready[0]);
            values[key + ".normal"] = t.Count(q.Ready[1]);
            values[key + ".bulk"] = t.Count(q.Ready[2]);
            values[key + ".verdict"] = WorkSentence.Verdict(t, q);
            values[key + ".leased"] = t.Count(q.Leased);
            values[key + ".later"] = t.Count(q.Scheduled);
            values[key + ".dead"] = t.Count(q.DeadTotal);
            values[key + ".percent"] = t.Percent(q.Live / (double)q.Bound);
            values[key + ".fill:width"] = Bar.Width(q.Live / (double)q.Bound);
        }

        return values;
    }

    /// <summary>What the sentence speaks of: which grow, are full, paused; not by how much.</summary>
    private static string Shape(LiveFrame frame)
    {
        var hash = default(HashCode);
        foreach (var q in frame.Queues)
        {
            hash.Add(q.Name);
            hash.Add(q.IsPaused);
            hash.Add(q.Bound);
            hash.Add(q.Live >= q.Bound);
            hash.Add(q.Growth > 0.05 && q.Waiting > 0);
            hash.Add(q.Waiting > 0);
            hash.Add(q.DeadTotal > 0);
        }

        // The sentence's own numbers are said anew every ten seconds.
        hash.Add(frame.View!.TimeMs / 10_000);
        return hash.ToHashCode().ToString(CultureInfo.InvariantCulture);
    }
}

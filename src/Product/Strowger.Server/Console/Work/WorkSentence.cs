namespace Strowger.Server.ConsolePage;

/// <summary>What grows, in one sentence.</summary>
internal static class WorkSentence
{
    public static Sentence Of(Language t, IReadOnlyList<QueueFlow> queues)
    {
        if (queues.Count == 0)
        {
            return new SentenceBuilder(Tone.Calm).Say(t["There is no work yet."]).Detail(t["A queue comes into being with its channel, or with the first job for it."]).Build();
        }

        if (queues.FirstOrDefault(q => q.Live >= q.Bound) is { } full)
        {
            return new SentenceBuilder(Tone.Trouble).Alarm(t["{0} is full", full.Name]).Say(t[": new work for it is refused until it drains."]).Build();
        }

        if (queues.Where(q => q.IsPaused && q.Waiting > 0).MaxBy(q => q.Waiting) is { } paused)
        {
            return new SentenceBuilder(Tone.Attention).Say(t["{0} is paused with {1} in it.", paused.Name, Amount(t, paused)]).Build();
        }

        if (queues.Where(q => q.Growth > 0.05 && q.Waiting > 0).MaxBy(q => q.Growth) is { } growing)
        {
            var sentence = new SentenceBuilder(growing.FullIn is { TotalHours: < 1 } ? Tone.Trouble : Tone.Attention)
                .Say(t["{0} grows by ", growing.Name]).Figure(t.PerSecond(growing.Growth));
            return (growing.FullIn is { } fullIn ? sentence.Say(t[": it is full in {0} if that goes on.", t.Duration(Whole(fullIn))]) : sentence.Say(".")).Build();
        }

        if (queues.Where(q => q.Waiting > 0).MaxBy(q => q.Waiting) is { } draining)
        {
            return new SentenceBuilder(Tone.Calm).Say(t["Nothing grows. {0} has most: ", draining.Name]).Figure(Amount(t, draining))
                .Say(draining.EmptyIn is { } empty ? t[", empty in {0}.", t.Duration(Whole(empty))] : ".").Build();
        }

        return new SentenceBuilder(Tone.Calm).Say(t["Nothing waits."]).Build();
    }

    public static string Verdict(Language t, QueueFlow q) =>
        q.IsPaused ? t["paused"]
        : q.Live >= q.Bound ? t["full"]
        : q.FullIn is { } fullIn && q.Waiting > 0 ? t["grows, full in {0}", t.Duration(Whole(fullIn))]
        : q.EmptyIn is { } empty ? t["drains, empty in {0}", t.Duration(Whole(empty))]
        : q.Waiting > 0 ? t["stands"] : q.OutRate > 0 ? t["keeps up"] : t["idle"];

    /// <summary>What waits: parts of texts, or jobs.</summary>
    private static string Amount(Language t, QueueFlow q) => q.Name.StartsWith("sms", StringComparison.Ordinal) ? t.Parts(q.Waiting) : t.Jobs(q.Waiting);

    private static TimeSpan Whole(TimeSpan span) => TimeSpan.FromSeconds(Math.Ceiling(span.TotalSeconds));
}

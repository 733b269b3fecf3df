namespace Strowger.Features.Messaging.Inbound;

/// <summary>
/// Tells the texts that a carrier delivers once more because a connection ended before it had our answer: those that came shortly before
/// the end of a session and come again on another one. The same text sent twice by a person comes twice on a session that lives. One for
/// each channel. Thread-safe.
/// </summary>
internal sealed class RedeliveredTexts(TimeProvider time)
{
    /// <summary>An answer given so shortly before the end may not have reached the carrier: its own timer for answers is about that long.</summary>
    public static readonly TimeSpan Doubt = TimeSpan.FromSeconds(30);

    /// <summary>How long a carrier is waited for to deliver it again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Texts of a bind in doubt, and of all binds waited for: more are listed twice rather than kept in memory.</summary>
    public const int MaxTexts = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Session> _sessions = [];
    private readonly Dictionary<ulong, (int Times, long Until)> _expected = [];

    /// <summary>The present session of a bind, for <see cref="Add"/>.</summary>
    public int SessionOf(int bind)
    {
        lock (_gate)
        {
            return Of(bind).Number;
        }
    }

    /// <summary>Texts are recorded and are about to be answered.</summary>
    public void Add(int bind, int session, IReadOnlyList<ulong> texts)
    {
        lock (_gate)
        {
            var present = Of(bind);
            foreach (var text in texts)
            {
                if (session == present.Number)
                {
                    Hear(present, text);
                }
                else
                {
                    Expect(text);
                }
            }
        }
    }

    /// <summary>Whether this one was recorded already. Each is told once.</summary>
    public bool TryTake(ulong text)
    {
        lock (_gate)
        {
            if (!_expected.Remove(text, out var expected) || time.GetTimestamp() > expected.Until)
            {
                return false;
            }

            if (expected.Times > 1)
            {
                _expected[text] = (expected.Times - 1, expected.Until);
            }

            return true;
        }
    }

    /// <summary>A bind's session is over.</summary>
    public void End(int bind)
    {
        lock (_gate)
        {
            var over = Of(bind);
            _sessions[bind] = new Session(over.Number + 1);
            foreach (var (text, at) in over.Heard)
            {
                if (time.GetElapsedTime(at) <= Doubt)
                {
                    Expect(text);
                }
            }
        }
    }

    private void Hear(Session session, ulong text)
    {
        while (session.Heard.TryPeek(out var oldest) && (session.Heard.Count >= MaxTexts || time.GetElapsedTime(oldest.At) > Doubt))
        {
            session.Heard.Dequeue();
        }

        session.Heard.Enqueue((text, time.GetTimestamp()));
    }

    private Session Of(int bind)
    {
        if (!_sessions.TryGetValue(bind, out var session))
        {
            _sessions.Add(bind, session = new Session(0));
        }

        return session;
    }

    private void Expect(ulong text)
    {
        var now = time.GetTimestamp();
        if (_expected.Count >= MaxTexts)
        {
            foreach (var late in _expected.Where(e => e.Value.Until < now).Select(e => e.Key).ToArray())
            {
                _expected.Remove(late);
            }
        }

        if (_expected.Count < MaxTexts)
        {
            _expected[text] = (_expected.GetValueOrDefault(text).Times + 1, now + (long)(Patience.TotalSeconds * time.TimestampFrequency));
        }
    }

    private sealed class Session(int number)
    {
        public int Number => number;

        public Queue<(ulong Text, long At)> Heard { get; } = new();
    }
}

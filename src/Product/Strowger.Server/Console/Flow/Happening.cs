namespace Strowger.Server.ConsolePage;

/// <summary>Something that happened, in words of any language.</summary>
internal sealed record Happening(long TimeMs, Tone Tone, Func<Language, string> Say)
{
    public string Text => Say(Language.English);
}

/// <summary>The newest things that happened, newest last. Guarded by its own lock: actions and the clock write.</summary>
internal sealed class HappeningLog
{
    private readonly Lock _gate = new();
    private readonly Queue<Happening> _lines = new();

    public void Add(Happening happening)
    {
        lock (_gate)
        {
            _lines.Enqueue(happening);
            if (_lines.Count > ConsoleLimits.MaxHappenings)
            {
                _lines.Dequeue();
            }
        }
    }

    public IReadOnlyList<Happening> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }
}

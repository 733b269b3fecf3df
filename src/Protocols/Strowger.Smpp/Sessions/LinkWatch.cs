namespace Strowger.Smpp;

/// <summary>Decides when to send enquire_link and when the link is dead. Any octet received counts as the answer.</summary>
internal sealed class LinkWatch(TimeProvider clock, TimeSpan interval, TimeSpan answerWithin)
{
    private long _askedAt;
    private bool _asked;

    internal enum Verdict
    {
        Alive,
        Ask,
        Dead,
    }

    public Verdict Look(long now, long lastReceived)
    {
        if (_asked && _askedAt > lastReceived)
        {
            return clock.GetElapsedTime(_askedAt, now) >= answerWithin ? Verdict.Dead : Verdict.Alive;
        }

        _asked = clock.GetElapsedTime(lastReceived, now) >= interval;
        _askedAt = now;
        return _asked ? Verdict.Ask : Verdict.Alive;
    }
}

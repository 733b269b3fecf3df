namespace Strowger.Server.Demo;

/// <summary>
/// How much of the carrier's limit was used while there was work: over the stretches in which at least half a second's worth
/// was waiting and the server was there.
/// </summary>
internal sealed class RateUse(double rate)
{
    private double _stamp;
    private long _accepted;
    private bool _hadWork;
    private double _seconds;
    private double _parts;

    public double Share => _seconds > 0 ? _parts / (_seconds * rate) : 0;

    public double PerSecond => _seconds > 0 ? _parts / _seconds : 0;

    /// <param name="accepted">What the carrier has taken so far.</param>
    /// <param name="now">When that was counted, in seconds of any one clock.</param>
    /// <param name="waiting">Null while the server is away.</param>
    public void Look(long accepted, double now, long? waiting)
    {
        var hasWork = waiting > rate / 2;
        if (_hadWork && hasWork)
        {
            _seconds += now - _stamp;
            _parts += accepted - _accepted;
        }

        (_stamp, _accepted, _hadWork) = (now, accepted, hasWork);
    }
}

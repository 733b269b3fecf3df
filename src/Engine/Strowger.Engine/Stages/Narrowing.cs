using Strowger.Engine.Limits;

namespace Strowger.Engine.Stages;

/// <summary>How many the other side has room for, as it tells by refusing. Guarded by the engine's lock.</summary>
internal sealed class Narrowing(Pacer pacer, TimeProvider time)
{
    private long _at;

    /// <summary>Infinite while it refuses nothing.</summary>
    public double Width { get; private set; } = double.PositiveInfinity;

    /// <summary>
    /// The other side has no room: half as many in hand, once a round trip, since those on their way already meet the same
    /// full queue. When one at a time is still too much, only time helps.
    /// </summary>
    /// <param name="width">What it said it has room for, 0 when it said nothing.</param>
    /// <param name="inFlight">Jobs in hand, without the one refused.</param>
    /// <param name="roundTrip">Of its answers.</param>
    public void Narrow(long width, int inFlight, TimeSpan roundTrip)
    {
        var now = time.GetTimestamp();
        if (width > 0)
        {
            Width = width;
        }
        else if (Width <= 1)
        {
            pacer.Pause(roundTrip);
        }
        else if (_at == 0 || time.GetElapsedTime(_at, now) >= roundTrip)
        {
            Width = Math.Max(1, Math.Min(Width, inFlight + 1) / 2);
            _at = now;
        }
    }

    /// <summary>After a full queue at the other side: one more slot for each width's worth of answers.</summary>
    public void Widen(int most)
    {
        if (Width < double.PositiveInfinity)
        {
            Width += 1 / Math.Max(1, Width);
            Width = Width >= most ? double.PositiveInfinity : Width;
        }
    }
}

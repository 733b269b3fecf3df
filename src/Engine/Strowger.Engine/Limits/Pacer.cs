namespace Strowger.Engine.Limits;

/// <summary>
/// Paces one channel at its contract: 99.5 % of the agreed rate, our own burst at most half the carrier's bucket. When
/// the carrier refuses all the same, a single refusal waits one interval and trims 2 %; only when over 5 % of a
/// window is refused is the rate halved, once a round trip; then it climbs back to what the carrier really took.
/// Guarded by the engine's lock.
/// </summary>
internal sealed class Pacer
{
    /// <summary>Clocks differ and packets bunch: half a percent keeps us inside the contract and costs less than a retry.</summary>
    public const double Margin = 0.995;

    private const double Trim = 0.98;
    private const double RefusedShare = 0.05;

    /// <summary>A share is judged from this many answers on.</summary>
    private const int MinAnswers = 20;

    /// <summary>After a cut: back to 97 % of what was seen to pass at this many contract-fractions a second.</summary>
    private const double FastClimb = 0.25;

    /// <summary>Beyond that, feel the way up slowly.</summary>
    private const double SlowClimb = 0.01;

    private static readonly TimeSpan MinWindow = TimeSpan.FromMilliseconds(100);

    /// <summary>At most so long, and a small part of our own burst.</summary>
    private static readonly TimeSpan MaxGathering = TimeSpan.FromMilliseconds(4);

    private const double GatheredShare = 0.125;

    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private TimeSpan _pause;
    private long _pausedAt;
    private double _contract;
    private double _asked = double.PositiveInfinity;
    private double _bucketSeconds;
    private double _ceiling;
    private double _capacity;
    private double _tokens;
    private long _stamp;
    private long _windowStart;
    private long _holdUntil;
    private double _accepted;
    private double _refused;
    private bool _cutInWindow;

    public Pacer(double? contract, TimeSpan bucket, TimeProvider time)
    {
        _time = time;
        _stamp = _windowStart = time.GetTimestamp();
        Change(contract, bucket);
        _tokens = 1;
    }

    /// <summary>Parts a second agreed; infinite when there is no limit.</summary>
    public double Contract => _contract;

    /// <summary>Parts a second at which we hand over now.</summary>
    public double Rate { get; private set; }

    /// <summary>The same, or less where the other side asked for less.</summary>
    public double Effective => Math.Min(Rate, _asked);

    public bool Unlimited => double.IsPositiveInfinity(Math.Min(_contract, _asked));

    private bool HasNoContract => double.IsPositiveInfinity(_contract);

    public long RefusedTotal { get; private set; }

    public void Change(double? contract, TimeSpan bucket)
    {
        _contract = contract ?? double.PositiveInfinity;
        Rate = _contract * Margin;
        _ceiling = Rate;
        _bucketSeconds = bucket.TotalSeconds;
        Resize();
        StartWindow(_time.GetTimestamp());
    }

    /// <summary>What the other side asks for, cost a second; infinite when it takes whatever was agreed.</summary>
    public void Ask(double rate)
    {
        if (!Unlimited)
        {
            Refill();
        }

        _stamp = _time.GetTimestamp();
        _asked = rate;
        Resize();
    }

    /// <summary>Whole tokens there now.</summary>
    public int Available()
    {
        if (PauseLeft() > TimeSpan.Zero)
        {
            return 0;
        }

        if (Unlimited)
        {
            return int.MaxValue;
        }

        Refill();
        return _tokens <= 0 ? 0 : (int)(_tokens + 1e-6);
    }

    public void Take(int cost) => _tokens -= Unlimited ? 0 : cost;

    /// <summary>Time until one whole token is there; zero when it is.</summary>
    public TimeSpan UntilNext()
    {
        var pause = PauseLeft();
        if (Unlimited)
        {
            return pause;
        }

        Refill();

        // Never rounded down to nothing: zero says that no token is waited for, and nobody would look again.
        var token = _tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromTicks(1 + (long)((1 - _tokens) / Effective * TimeSpan.TicksPerSecond));
        return token > pause ? token : pause;
    }

    /// <summary>
    /// How long tokens may gather before somebody is woken for them, so that a fast channel takes several at a time and a thread is not
    /// woken for each. Nothing is lost by it: they all fit the bucket, and who comes meanwhile with something urgent takes them at once.
    /// </summary>
    public TimeSpan Gathering
    {
        get
        {
            if (Unlimited)
            {
                return TimeSpan.Zero;
            }

            var share = TimeSpan.FromSeconds(_capacity / Effective * GatheredShare);
            return share < MaxGathering ? share : MaxGathering;
        }
    }

    /// <summary>Hands over nothing for a while: a round trip or <see cref="MinWindow"/>, doubled each time nothing was taken in between, at most <see cref="MaxPause"/>.</summary>
    public void Pause(TimeSpan roundTrip)
    {
        if (PauseLeft() > TimeSpan.Zero)
        {
            return;
        }

        var first = roundTrip > MinWindow ? roundTrip : MinWindow;
        _pause = _pause == TimeSpan.Zero ? first : _pause * 2;
        _pause = _pause > MaxPause ? MaxPause : _pause;
        _pausedAt = _time.GetTimestamp();
    }

    public void OnAccepted(int cost)
    {
        _accepted += cost;
        _pause = PauseLeft() > TimeSpan.Zero ? _pause : TimeSpan.Zero;
    }

    /// <param name="cost">What was refused; it was no attempt and used none of the carrier's bucket.</param>
    /// <param name="roundTrip">Answers to what was sent before a cut are judged no second time.</param>
    public void OnRefused(int cost, TimeSpan roundTrip)
    {
        RefusedTotal += cost;
        if (HasNoContract)
        {
            // A carrier with a limit that nobody told us: what it refuses comes in bursts with pauses, not in a storm.
            Pause(roundTrip);
            return;
        }

        Refill();
        _refused += cost;
        _tokens = Math.Min(_tokens, 0);
        var now = _time.GetTimestamp();
        if (now < _holdUntil)
        {
            return;
        }

        var answers = _accepted + _refused;
        var window = Math.Max(_time.GetElapsedTime(_windowStart, now).TotalSeconds, 1e-3);
        if (answers >= MinAnswers && _refused / answers > RefusedShare)
        {
            _ceiling = Math.Clamp(_accepted / window, Floor, Rate);
            Rate = Math.Max(Floor, Rate / 2);
        }
        else
        {
            Rate = Math.Max(Floor, Rate * Trim);
        }

        _cutInWindow = true;
        var hold = roundTrip > MinWindow ? roundTrip : MinWindow;
        _holdUntil = now + (long)(hold.TotalSeconds * _time.TimestampFrequency);
        StartWindow(now);
    }

    /// <summary>Never below a hundredth of the contract: a carrier that refuses everything is probed, not forgotten.</summary>
    private double Floor => _contract / 100;

    private void Resize()
    {
        _capacity = Unlimited ? double.PositiveInfinity : Math.Max(1, Math.Min(_contract, _asked) * _bucketSeconds / 2);
        _tokens = Math.Min(_tokens, _capacity);
    }

    private TimeSpan PauseLeft() =>
        _pause == TimeSpan.Zero ? TimeSpan.Zero : _pause - _time.GetElapsedTime(_pausedAt);

    private void StartWindow(long now)
    {
        _accepted = _refused = 0;
        _windowStart = now;
    }

    private void Refill()
    {
        var now = _time.GetTimestamp();
        var passed = _time.GetElapsedTime(_stamp, now).TotalSeconds;
        if (passed <= 0)
        {
            return;
        }

        _stamp = now;
        _tokens = Math.Min(_capacity, _tokens + (passed * Effective));
        Climb(now, passed);
    }

    private void Climb(long now, double passed)
    {
        var full = _contract * Margin;
        if (Rate < full && now >= _holdUntil)
        {
            var fast = Rate < _ceiling * 0.97;
            Rate = Math.Min(full, Rate + (passed * _contract * (fast ? FastClimb : SlowClimb)));
            _ceiling = Math.Max(_ceiling, Rate);
        }

        if (_time.GetElapsedTime(_windowStart, now) > TimeSpan.FromSeconds(1))
        {
            _cutInWindow = false;
            StartWindow(now);
        }
    }

    /// <summary>True when the carrier cut us within the last window.</summary>
    public bool IsCut => _cutInWindow || (!Unlimited && Rate < _contract * Margin * 0.999);
}

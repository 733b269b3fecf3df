using Strowger.Engine.Limits;

namespace Strowger.Engine.Tests.Limits;

public sealed class PacerTests
{
    private static readonly TimeSpan _bucket = TimeSpan.FromMilliseconds(100);

    /// <summary>A carrier with a strict bucket, on the same clock.</summary>
    private sealed class Carrier(double rate, double capacity, EngineTime time)
    {
        private double _tokens = capacity;
        private long _last = time.GetTimestamp();

        public int Accepted;
        public int Refused;

        public bool Submit()
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(capacity, _tokens + (time.GetElapsedTime(_last, now).TotalSeconds * rate));
            _last = now;
            if (_tokens < 1)
            {
                Refused++;
                return false;
            }

            _tokens--;
            Accepted++;
            return true;
        }
    }

    [Theory]
    [InlineData(100.0)]
    [InlineData(null)]
    public void Less_is_handed_over_while_the_other_side_asks_for_less(double? contract)
    {
        var time = new EngineTime();
        var pacer = new Pacer(contract, _bucket, time);
        int Handed()
        {
            var handed = 0;
            for (var i = 0; i < 1000; i++)
            {
                time.Advance(TimeSpan.FromMilliseconds(10));
                for (var n = Math.Min(10, pacer.Available()); n > 0; n--, handed++)
                {
                    pacer.Take(1);
                    pacer.OnAccepted(1);
                }
            }

            return handed;
        }

        pacer.Ask(20);
        Assert.Equal(20, pacer.Effective);
        Assert.False(pacer.Unlimited);
        Assert.InRange(Handed(), 195, 205);
        pacer.Ask(double.PositiveInfinity);
        Assert.Equal(contract is null, pacer.Unlimited);
        Assert.InRange(Handed(), contract is null ? 10_000 : 985, contract is null ? 10_000 : 1005);
    }

    private static Carrier Run(double contract, double real, TimeSpan step, TimeSpan length, EngineTime time, out Pacer pacer)
    {
        pacer = new Pacer(contract, _bucket, time);
        var carrier = new Carrier(real, Math.Max(1, real * 0.1), time);
        for (var passed = TimeSpan.Zero; passed < length; passed += step)
        {
            for (var n = pacer.Available(); n > 0; n--)
            {
                pacer.Take(1);
                if (carrier.Submit())
                {
                    pacer.OnAccepted(1);
                }
                else
                {
                    pacer.OnRefused(1, TimeSpan.FromMilliseconds(20));
                    break;
                }
            }

            time.Advance(step);
        }

        return carrier;
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(200, 1)]
    [InlineData(200, 7)]
    [InlineData(5000, 1)]
    [InlineData(20000, 3)]
    public void Uses_the_contract_and_is_never_refused(double rate, double stepMs)
    {
        var time = new EngineTime();
        var length = TimeSpan.FromSeconds(rate < 10 ? 200 : 20);
        var carrier = Run(rate, rate, TimeSpan.FromMilliseconds(stepMs), length, time, out _);
        Assert.Equal(0, carrier.Refused);
        Assert.InRange(carrier.Accepted / (rate * length.TotalSeconds), 0.99, 1.005);
    }

    [Fact]
    public void Finds_what_a_carrier_really_takes()
    {
        var time = new EngineTime();
        var carrier = Run(200, 120, TimeSpan.FromMilliseconds(2), TimeSpan.FromSeconds(60), time, out var pacer);
        Assert.InRange(carrier.Accepted / (120.0 * 60), 0.90, 1.01);
        Assert.InRange(carrier.Refused / (double)carrier.Accepted, 0, 0.02);
        Assert.True(pacer.IsCut);
    }

    [Fact]
    public void Climbs_back_to_the_contract_after_a_bad_minute()
    {
        var time = new EngineTime();
        var pacer = new Pacer(1000, _bucket, time);
        for (var i = 0; i < 50; i++)
        {
            pacer.OnRefused(1, TimeSpan.FromMilliseconds(10));
            time.Advance(TimeSpan.FromMilliseconds(200));
        }

        Assert.InRange(pacer.Rate, 10, 990);
        for (var i = 0; i < 3000; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            pacer.Available();
        }

        Assert.Equal(995, pacer.Rate, 1.0);
    }

    [Fact]
    public void A_single_refusal_trims_two_percent_and_waits_one_interval()
    {
        var time = new EngineTime();
        var pacer = new Pacer(100, _bucket, time);
        pacer.OnRefused(1, TimeSpan.FromMilliseconds(10));
        Assert.Equal(99.5 * 0.98, pacer.Rate, 0.01);
        Assert.Equal(0, pacer.Available());
        Assert.InRange(pacer.UntilNext().TotalMilliseconds, 9, 11);
    }

    [Fact]
    public void Without_a_contract_refusals_are_answered_by_pauses_that_grow_until_something_is_taken()
    {
        var time = new EngineTime();
        var pacer = new Pacer(null, _bucket, time);
        Assert.Equal(int.MaxValue, pacer.Available());
        foreach (var pause in (double[])[0.1, 0.2, 0.4, 0.8, 1.6, 2, 2])
        {
            pacer.OnRefused(1, TimeSpan.FromMilliseconds(20));
            pacer.OnRefused(1, TimeSpan.FromMilliseconds(20));
            Assert.Equal(0, pacer.Available());
            Assert.Equal(pause, pacer.UntilNext().TotalSeconds, 6);
            time.Advance(TimeSpan.FromSeconds(pause));
            Assert.Equal(int.MaxValue, pacer.Available());
        }

        pacer.OnAccepted(1);
        pacer.OnRefused(1, TimeSpan.FromMilliseconds(300));
        Assert.Equal(0.3, pacer.UntilNext().TotalSeconds, 6);
        Assert.Equal(15, pacer.RefusedTotal);
    }

    /// <summary>Less than a tick of the clock is still a wait: a stage that is told of none does not look again by itself.</summary>
    [Fact]
    public void A_token_that_is_all_but_there_is_waited_for()
    {
        var time = new EngineTime();
        var pacer = new Pacer(200, _bucket, time);
        pacer.Take(1);

        // At 199 a second one comes after 50,251.26 ticks.
        time.Advance(TimeSpan.FromTicks(50_251));

        Assert.Equal(0, pacer.Available());
        Assert.True(pacer.UntilNext() > TimeSpan.Zero);
    }
}

using Strowger.Smpp;

namespace Strowger.Simulators.Tests;

/// <summary>The small pieces: bucket, counting, histogram, settings.</summary>
public sealed class PartsTests
{
    [Fact]
    public void Bucket_is_strict_starts_full_and_refills_continuously()
    {
        var clock = new StepClock();
        var bucket = new TokenBucket(clock);
        var size = TimeSpan.FromMilliseconds(100);
        for (int i = 0; i < 20; i++)
        {
            Assert.True(bucket.TryTake(200, size, clock.GetTimestamp()));
        }

        Assert.False(bucket.TryTake(200, size, clock.GetTimestamp()));
        clock.Step(TimeSpan.FromMilliseconds(4));
        Assert.False(bucket.TryTake(200, size, clock.GetTimestamp()));
        clock.Step(TimeSpan.FromMilliseconds(1));
        Assert.True(bucket.TryTake(200, size, clock.GetTimestamp()));
        Assert.False(bucket.TryTake(200, size, clock.GetTimestamp()));
        clock.Step(TimeSpan.FromMinutes(1));
        int burst = 0;
        while (bucket.TryTake(200, size, clock.GetTimestamp()))
        {
            burst++;
        }

        Assert.Equal(20, burst);
    }

    [Fact]
    public void Bucket_never_holds_less_than_one_and_exact_pacing_is_never_refused()
    {
        var clock = new StepClock();
        foreach (double rate in (double[])[1, 3, 200, 5000, 20_000])
        {
            var bucket = new TokenBucket(clock);
            for (int i = 0; i < 10_000; i++)
            {
                Assert.True(bucket.TryTake(rate, TimeSpan.FromMilliseconds(100), clock.GetTimestamp()));
                clock.Step(TimeSpan.FromSeconds(1 / rate) + TimeSpan.FromTicks(1));
            }
        }
    }

    [Fact]
    public void Meter_knows_how_much_of_the_rate_was_used()
    {
        var clock = new StepClock();
        var meter = new SubmitMeter(clock);
        var bucket = new TokenBucket(clock);
        var settings = new CarrierSettings { Rate = 100 };
        for (int i = 0; i < 501; i++)
        {
            Assert.True(meter.TryPass(bucket, settings));
            meter.NoteAccepted(settings.Bucket);
            clock.Step(TimeSpan.FromMilliseconds(i == 250 ? 30_000 : 20));
        }

        var pace = meter.Report();
        Assert.InRange(pace.RateUsed!.Value, 0.495, 0.505);
        Assert.InRange(pace.BusySeconds, 9.9, 10.1);
        Assert.Equal(50, pace.AcceptedPerSecond[1]);
        Assert.Equal(0, pace.AcceptedPerSecond[20]);
        Assert.Equal(501, pace.AcceptedPerSecond.Sum());
        Assert.Equal(5, pace.PeakPerBucket);
        Assert.InRange(pace.Gaps.P50Ms, 18, 23);
        Assert.Equal(30_000, pace.Gaps.MaxMs);
    }

    [Fact]
    public void Distinct_keys_are_counted_exactly_until_the_bound_and_then_it_says_so()
    {
        var set = new DistinctSet(16 * 2000);
        for (int round = 0; round < 2; round++)
        {
            for (uint i = 0; i < 20_000; i++)
            {
                set.Add(MessageKey.Of(new SubmitSm { ShortMessage = BitConverter.GetBytes(i) }, false));
            }
        }

        Assert.Equal((20_000, 20_000, true), (set.Distinct, set.Duplicates, set.IsComplete));
        for (uint i = 20_000; i < 40_000; i++)
        {
            set.Add(MessageKey.Of(new SubmitSm { ShortMessage = BitConverter.GetBytes(i) }, false));
        }

        Assert.False(set.IsComplete);
        Assert.InRange(set.Distinct, 30_000, 32_000);
    }

    [Fact]
    public void Keys_differ_by_every_field_and_tokens_are_read_in_both_alphabets()
    {
        UInt128[] keys =
        [
            MessageKey.Of(new SubmitSm { Source = "a"u8, Destination = "b"u8, ShortMessage = "c"u8 }, false),
            MessageKey.Of(new SubmitSm { Source = "ab"u8, Destination = ""u8, ShortMessage = "c"u8 }, false),
            MessageKey.Of(new SubmitSm { Source = "a"u8, Destination = "bc"u8, ShortMessage = ""u8 }, false),
            MessageKey.Of(new SubmitSm { Source = "a"u8, Destination = "b"u8, ShortMessage = "c\0"u8 }, false),
            MessageKey.Of(new SubmitSm { Source = "b"u8, Destination = "a"u8, ShortMessage = "c"u8 }, false),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.True(MessageKey.TryReadToken("Hi #0042"u8, 1, out ulong token));
        Assert.Equal(42u, token);
        Assert.True(MessageKey.TryReadToken("\0H\0#\01\02"u8, 2, out token));
        Assert.Equal(12u, token);
        Assert.False(MessageKey.TryReadToken("Hi #"u8, 1, out _));
        Assert.False(MessageKey.TryReadToken("Hi 42"u8, 1, out _));
        Assert.False(MessageKey.TryReadToken("1234567890123456789012"u8, 1, out _));
    }

    [Theory]
    [InlineData("rate", "200")]
    [InlineData("receipt-ids", "leading-zeros")]
    [InlineData("receipt_format", "tlv_only")]
    [InlineData("Delay", "1.5s")]
    [InlineData("errors", "0x08:0.01, 69:0.5")]
    [InlineData("refuse-binds", "0x0E")]
    [InlineData("black-hole", "on")]
    public void Settings_are_read_by_name(string name, string value) =>
        Assert.True(SettingsText.TryApply(new(), name, value, out _, out _));

    [Theory]
    [InlineData("rate", "fast")]
    [InlineData("rate", "NaN")]
    [InlineData("bucket", "0")]
    [InlineData("receipt-ids", "3")]
    [InlineData("fail-share", "1.1")]
    [InlineData("errors", "0x08")]
    [InlineData("delay", "-5s")]
    [InlineData("hue", "red")]
    public void Wrong_settings_are_explained_and_change_nothing(string name, string value)
    {
        var before = new CarrierSettings { Rate = 7 };
        Assert.False(SettingsText.TryApply(before, name, value, out var after, out string? error));
        Assert.Same(before, after);
        Assert.Contains(name, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10s:5s, 1m:500ms", 2)]
    [InlineData("", 0)]
    [InlineData("10s", -1)]
    [InlineData("10s:0", -1)]
    [InlineData("10s:1s,5s:1s", -1)]
    public void Outages_are_read_in_rising_order(string text, int count)
    {
        Assert.Equal(count >= 0, SettingsText.TryParseOutages(text, out var outages));
        Assert.True(count < 0 || outages.Count == count);
    }

    private sealed class StepClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

        public void Step(TimeSpan by) => _ticks += by.Ticks;
    }
}

using Strowger.Features.Messaging.Channels;
using Strowger.Records.Messages;

namespace Strowger.Features.Tests.Messaging.Flow;

/// <summary>A carrier that says how crowded it is.</summary>
public sealed class CongestionTests
{
    private static readonly TimeSpan _roundTrip = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void It_halves_slows_holds_and_climbs_within_the_rate()
    {
        var time = new Clock();
        var pace = new CongestionPace(time);
        bool Hear(byte state) => pace.Hear(state, 100, 90, _roundTrip);

        // Below 80 there is nothing to climb to above the channel's own rate.
        Assert.False(Hear(10));
        Assert.Null(pace.Asked);
        Assert.True(Hear(100));
        Assert.Equal((50.0, 100), (pace.Asked, pace.Last!.Value.State));

        // The answers to what was sent before say the same: they count once.
        Assert.False(Hear(100));
        time.Advance(CongestionPace.MinStep);
        Assert.True(Hear(95));
        Assert.Equal(45.0, pace.Asked);
        time.Advance(CongestionPace.MinStep);
        Assert.False(Hear(85));
        Assert.Equal(45.0, pace.Asked);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(Hear(79));
            time.Advance(CongestionPace.MinStep);
        }

        Assert.Equal(95.0, pace.Asked);
        Assert.True(Hear(0));
        Assert.Null(pace.Asked);
        Assert.False(Hear(101));

        // Never to a stop.
        for (var i = 0; i < 100; i++)
        {
            time.Advance(CongestionPace.MinStep);
            Hear(100);
        }

        Assert.Equal(1.0, pace.Asked);
    }

    [Fact]
    public void Without_a_rate_it_slows_from_what_was_used_and_silence_ends_it()
    {
        var time = new Clock();
        var pace = new CongestionPace(time);
        Assert.True(pace.Hear(100, null, 300, _roundTrip));
        Assert.Equal(150.0, pace.Asked);
        Assert.False(pace.Tick(null));
        time.Advance(CongestionPace.Forget);
        for (var i = 0; i < 10; i++)
        {
            Assert.True(pace.Tick(null));
        }

        Assert.Null(pace.Asked);
        Assert.False(pace.Tick(null));
    }

    [Fact]
    public async Task A_channel_slows_to_what_its_carrier_says_and_shows_it()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier) with { Rate = 1000 });
        var channel = f.Channels.Find("a")!;
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        Assert.Null(channel.Congestion);
        carrier.Session.CongestionState = 100;
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        Assert.Equal(100, channel.Congestion!.Value.State);
        Assert.Equal(500, channel.Stage.GetInfo().RateEffective);
        Assert.Equal(1000, channel.Stage.GetInfo().Rate);

        // It goes on at the lower pace, and comes back.
        carrier.Session.CongestionState = 0;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (channel.Stage.GetInfo().RateEffective <= 500)
        {
            Assert.False(patience.IsCancellationRequested, "waited 20 s");
            await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        }

        carrier.Session.CongestionState = null;
        Assert.Equal(0, channel.Congestion!.Value.State);
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}

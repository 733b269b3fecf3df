using Strowger.Features.Messaging.Inbound;

namespace Strowger.Features.Tests.Messaging.Inbound;

/// <summary>Which texts a carrier is expected to deliver once more.</summary>
public sealed class RedeliveredTextsTests
{
    private readonly SteppedTime _time = new();
    private readonly RedeliveredTexts _texts;

    public RedeliveredTextsTests() => _texts = new RedeliveredTexts(_time);

    [Fact]
    public void Those_of_a_session_that_ended_just_now_each_once()
    {
        _texts.Add(1, _texts.SessionOf(1), [7]);
        _time.Pass(RedeliveredTexts.Doubt + TimeSpan.FromSeconds(1));
        _texts.Add(1, _texts.SessionOf(1), [8, 8]);
        _texts.Add(2, _texts.SessionOf(2), [9]);
        Assert.False(_texts.TryTake(8));
        _texts.End(1);
        Assert.False(_texts.TryTake(7));
        Assert.False(_texts.TryTake(9));
        Assert.Equal([true, true, false], [_texts.TryTake(8), _texts.TryTake(8), _texts.TryTake(8)]);
    }

    [Fact]
    public void Those_recorded_only_after_the_end_too_and_none_for_ever()
    {
        var session = _texts.SessionOf(1);
        _texts.End(1);
        _texts.Add(1, session, [7, 8]);
        Assert.True(_texts.TryTake(7));
        _time.Pass(RedeliveredTexts.Patience + TimeSpan.FromSeconds(1));
        Assert.False(_texts.TryTake(8));
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _now = 1;

        public void Pass(TimeSpan time) => _now += (long)(time.TotalSeconds * TimestampFrequency);

        public override long GetTimestamp() => _now;
    }
}

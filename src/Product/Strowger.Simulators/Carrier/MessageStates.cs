using Strowger.Smpp;

namespace Strowger.Simulators;

/// <summary>What query_sm is told about the last million messages: ENROUTE until the receipt is due, then the final state.</summary>
internal sealed class MessageStates(TimeProvider clock)
{
    /// <summary>24 MB; at 5,000 messages a second the last three and a half minutes.</summary>
    internal const int Kept = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Entry[] _entries = new Entry[Kept];

    public void Record(long id, byte finalState, TimeSpan finalIn)
    {
        long finalAt = clock.GetTimestamp() + (long)(finalIn.TotalSeconds * clock.TimestampFrequency);
        lock (_lock)
        {
            _entries[id & (Kept - 1)] = new Entry(id, finalAt, finalState);
        }
    }

    /// <summary>The answer to a query for an id; false when it is not known (any more).</summary>
    public bool TryAnswer(long id, ReadOnlySpan<byte> messageId, Span<byte> dateBuffer, out QuerySmResp answer)
    {
        Entry entry;
        lock (_lock)
        {
            entry = _entries[id & (Kept - 1)];
        }

        answer = default;
        if (id == 0 || entry.Id != id)
        {
            return false;
        }

        if (clock.GetTimestamp() < entry.FinalAt)
        {
            answer = new QuerySmResp { MessageId = messageId, MessageState = ReceiptText.Enroute };
            return true;
        }

        // Absolute time in UTC, SMPP 3.4 section 7.1.1.1: YYMMDDhhmmsstnnp.
        var final = clock.GetUtcNow() - clock.GetElapsedTime(entry.FinalAt);
        final.TryFormat(dateBuffer, out int length, "yyMMddHHmmss'000+'", System.Globalization.CultureInfo.InvariantCulture);
        answer = new QuerySmResp { MessageId = messageId, MessageState = entry.State, FinalDate = dateBuffer[..length] };
        return true;
    }

    private readonly record struct Entry(long Id, long FinalAt, byte State);
}

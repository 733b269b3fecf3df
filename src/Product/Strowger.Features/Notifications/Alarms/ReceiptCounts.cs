using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;
using Strowger.Records.Receipts;

namespace Strowger.Features.Notifications.Alarms;

/// <summary>Texts handed over and receipts by channel, minute by minute over a day.</summary>
internal sealed class ReceiptCounts(JobEngine engine)
{
    private const int Minutes = ReceiptCountStore.MinutesKept;
    private const long MinuteMs = 60_000;

    /// <summary>Channels counted; 69 KB each.</summary>
    private const int MaxChannels = Strowger.Records.RecordsLimits.MaxSeeded;

    private readonly Dictionary<string, Minute[]> _channels = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _stages = [];
    private readonly HashSet<(string Channel, long Number)> _changed = [];
    private readonly Lock _gate = new();

    /// <summary>Begins with what was kept.</summary>
    public void Load(IEnumerable<ReceiptMinute> kept)
    {
        lock (_gate)
        {
            _channels.Clear();
            _changed.Clear();
            foreach (var minute in kept)
            {
                if (MinuteOf(minute.Channel, minute.Number) is { } ring)
                {
                    ring[minute.Number % Minutes] = new Minute
                    {
                        Number = minute.Number, Sent = minute.Sent, Receipts = minute.Receipts, Delivered = minute.Delivered, Final = minute.Final,
                    };
                }
            }
        }
    }

    /// <summary>Minutes that are not as they were at the last call.</summary>
    public List<ReceiptMinute> TakeChanged()
    {
        var found = new List<ReceiptMinute>();
        lock (_gate)
        {
            foreach (var (channel, number) in _changed)
            {
                ref var minute = ref _channels[channel][number % Minutes];
                if (minute.Number == number)
                {
                    minute.IsChanged = false;
                    found.Add(new ReceiptMinute(channel, number, minute.Sent, minute.Receipts, minute.Delivered, minute.Final));
                }
            }

            _changed.Clear();
        }

        return found;
    }

    public void Add(in EngineEvent item)
    {
        if (item.Kind == EntryKind.Done && StageOf(item.Stage) is var stage && OtherStages.IsChannel(stage))
        {
            Add(stage, item.TimeMs, sent: 1);
        }
        else if (item.Kind == EntryKind.Event && item.Code == MessagingEvents.Receipt && ReceiptData.TryRead(item.Data, out var receipt))
        {
            var status = PartStatus.Of(receipt.State);
            Add(
                Encoding.UTF8.GetString(receipt.Channel),
                item.TimeMs,
                receipts: 1,
                delivered: status == MessageStatus.Delivered ? 1 : 0,
                final: status is MessageStatus.Delivered or MessageStatus.Undelivered ? 1 : 0);
        }
    }

    /// <summary>Sums from so many minutes ago until so many.</summary>
    public Minute Sum(string channel, long nowMs, TimeSpan from, TimeSpan to)
    {
        var sum = default(Minute);
        lock (_gate)
        {
            if (!_channels.TryGetValue(channel, out var minutes))
            {
                return sum;
            }

            var now = nowMs / MinuteMs;
            for (var at = now - Math.Min((long)from.TotalMinutes, Minutes - 1); at <= now - (long)to.TotalMinutes; at++)
            {
                var minute = minutes[at % Minutes];
                if (minute.Number == at)
                {
                    sum.Sent += minute.Sent;
                    sum.Receipts += minute.Receipts;
                    sum.Delivered += minute.Delivered;
                    sum.Final += minute.Final;
                }
            }
        }

        return sum;
    }

    private void Add(string channel, long timeMs, int sent = 0, int receipts = 0, int delivered = 0, int final = 0)
    {
        lock (_gate)
        {
            var number = timeMs / MinuteMs;
            if (MinuteOf(channel, number) is not { } minutes)
            {
                return;
            }

            ref var minute = ref minutes[number % Minutes];
            if (minute.Number != number)
            {
                minute = new Minute { Number = number };
            }

            minute.Sent += sent;
            minute.Receipts += receipts;
            minute.Delivered += delivered;
            minute.Final += final;
            if (!minute.IsChanged)
            {
                minute.IsChanged = true;
                _changed.Add((channel, number));
            }
        }
    }

    /// <summary>A channel's ring; null when there are too many channels, or the minute's place is a later one's.</summary>
    private Minute[]? MinuteOf(string channel, long number)
    {
        if (!_channels.TryGetValue(channel, out var minutes))
        {
            if (_channels.Count >= MaxChannels)
            {
                return null;
            }

            _channels[channel] = minutes = new Minute[Minutes];
        }

        return minutes[number % Minutes].Number > number ? null : minutes;
    }

    private string StageOf(int number)
    {
        if (!_stages.TryGetValue(number, out var name))
        {
            _stages[number] = name = engine.StageName(number);
        }

        return name;
    }

    public struct Minute
    {
        public long Number;
        public long Sent;
        public long Receipts;
        public long Delivered;
        public long Final;

        /// <summary>Since it was last written down.</summary>
        public bool IsChanged;
    }
}

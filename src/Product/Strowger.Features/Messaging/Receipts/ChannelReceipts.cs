using System.Text;
using Strowger.Engine;
using Strowger.Engine.Journaling;
using Strowger.Features.Messaging.Channels;
using Strowger.Records.Receipts;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Messaging.Receipts;

/// <summary>What a channel knows of its receipts: which part one is for, those that wait for their part, and the parts that only a receipt can settle. Thread-safe.</summary>
internal sealed class ChannelReceipts
{
    private readonly byte[] _nameUtf8;
    private readonly JobEngine _engine;
    private readonly ReceiptIndexStore _index;

    public ChannelReceipts(string channel, JobEngine engine, ReceiptIndexStore index, TimeProvider time)
    {
        Channel = channel;
        _nameUtf8 = Encoding.UTF8.GetBytes(channel);
        _engine = engine;
        _index = index;
        Matcher = new ReceiptMatcher(channel, index, time);
        Unsure = new UnsureParts(job => engine.Find(job).State == JobState.Unsure);
    }

    public string Channel { get; }

    public ReceiptMatcher Matcher { get; }

    public UnsureParts Unsure { get; }

    public void Start() => _index.Appended += OnIndexed;

    public void Stop() => _index.Appended -= OnIndexed;

    /// <summary>Takes a receipt: an event about its part, or one about none when it has to wait for it.</summary>
    public void Take(EventBatch events, ParkedReceipt receipt, ReadOnlySpan<byte> otherId)
    {
        if (Matcher.TryFind(receipt.Id, receipt.Numbers, out var job)
            || (otherId.Length > 0 && Matcher.TryFind(otherId, receipt.Numbers, out job))
            || TrySettle(receipt, out job)
            || Matcher.Park(receipt, out job))
        {
            Write(events, job, MessagingEvents.Receipt, receipt);
            return;
        }

        Write(events, default, MessagingEvents.ParkedReceipt, receipt);
    }

    public void Write(EventBatch events, JobId job, int code, ParkedReceipt receipt)
    {
        Span<byte> buffer = stackalloc byte[ReceiptData.MaxBytes];
        var data = new ReceiptData { State = receipt.State, Id = receipt.Id, Error = receipt.Error, Channel = _nameUtf8, Destination = receipt.Numbers.Subscriber, Tlvs = receipt.Tlvs };
        events.Add(job, code, buffer[..data.Write(buffer)]);
    }

    /// <summary>A receipt for the only unsure part to its number: the carrier has it after all.</summary>
    public bool TrySettle(JobId job, ParkedReceipt receipt)
    {
        Span<byte> data = stackalloc byte[HandOverData.MaxBytes];
        var length = new HandOverData { Destination = receipt.Numbers.Subscriber, Id = receipt.Id }.Write(data);
        return _engine.Settle(job, Outcome.Done(), data[..length]);
    }

    /// <summary>The only unsure part to a receipt's number.</summary>
    public bool TryFindUnsure(in ReceiptNumbers numbers, out JobId job)
    {
        job = default;
        return (numbers.Source.IsWhole && Unsure.TryFindOnly(numbers.Source.Value, out job))
            || (numbers.Destination.IsWhole && Unsure.TryFindOnly(numbers.Destination.Value, out job));
    }

    /// <summary>Receipts that came between the hand-over of parts and the loss of their answers: each settles the only unsure part to its number.</summary>
    /// <param name="events">Takes what is to be recorded.</param>
    /// <param name="parts">That have just become unsure, with the timestamps at which they left; <see cref="Unsure"/> has them.</param>
    public void SettleByParked(EventBatch events, IReadOnlyList<(JobId Job, ulong Destination, long SentAt)> parts)
    {
        if (Matcher.Parked.Count == 0)
        {
            return;
        }

        var left = parts.ToDictionary(part => part.Job, part => part.SentAt);
        foreach (var (receipt, cameAt) in Matcher.Parked.List())
        {
            // A receipt that came before its part left was for another one.
            if (TryFindUnsure(receipt.Numbers, out var job) && left.TryGetValue(job, out var sentAt) && sentAt <= cameAt
                && Matcher.Parked.TryTake(receipt) && TrySettle(job, receipt))
            {
                Write(events, job, MessagingEvents.Receipt, receipt);
            }
        }
    }

    /// <summary>Lets go of what waited long enough. To be called now and then.</summary>
    public void Sweep()
    {
        Matcher.Parked.Expire();
        Unsure.Sweep();
    }

    private bool TrySettle(ParkedReceipt receipt, out JobId job) => TryFindUnsure(receipt.Numbers, out job) && TrySettle(job, receipt);

    /// <summary>Ids that the index has now: after a restart, receipts for what was handed over before it wait for them.</summary>
    private void OnIndexed(ReadOnlySpan<ReceiptEntry> entries)
    {
        if (Matcher.Parked.Count == 0)
        {
            return;
        }

        var events = new EventBatch();
        foreach (ref readonly var entry in entries)
        {
            foreach (var receipt in Matcher.Parked.Take(entry.Hash, entry.Destination))
            {
                Write(events, new JobId(entry.Job), MessagingEvents.Receipt, receipt);
            }
        }

        Record(events);
    }

    /// <summary>Appends what the carrier was answered already.</summary>
    public void Record(EventBatch events)
    {
        if (events.Count == 0)
        {
            return;
        }

        try
        {
            _engine.Append(events);
        }
        catch (JournalException)
        {
            // The disk takes nothing. That the receipts came is in the log; their parts stay as they are.
        }
    }
}

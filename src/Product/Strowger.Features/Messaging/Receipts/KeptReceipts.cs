using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Messaging.Receipts;

/// <summary>
/// After a kill: reads again what the log says since the parts in hand left, so that receipts which waited for their parts wait
/// again, and those of parts that only they can settle settle them. The carrier was answered; it does not send them twice.
/// </summary>
internal sealed class KeptReceipts(JobEngine engine, ChannelReceipts receipts)
{
    /// <summary>Octets of log read at a start, a second or so. Parts are in hand for seconds; one that left longer ago is settled by policy.</summary>
    private const long MaxRead = 256L << 20;

    private readonly Dictionary<JobId, long> _handedOut = [];
    private readonly List<(long Record, ParkedReceipt Receipt)> _parked = [];
    private readonly List<(JobId Job, ParkedReceipt Receipt)> _found = [];

    /// <summary>A part that was in hand when the last run ended.</summary>
    public void Expect(JobId job)
    {
        var record = 0L;
        JobHistory.Read(engine, job, (in EngineEvent item) => record = record == 0 && item.Kind == EntryKind.Leased ? item.Record : record);
        if (record > 0 && engine.Journal.End - record <= MaxRead)
        {
            _handedOut[job] = record;
        }
    }

    public void Restore()
    {
        if (_handedOut.Count == 0)
        {
            return;
        }

        var reader = EventReader.From(engine, _handedOut.Values.Min());
        EventHandling take = Take;
        while (reader.ReadRecord(take))
        {
        }

        foreach (var (record, receipt) in _parked)
        {
            // A receipt that came before its part left was for another one.
            if (receipts.TryFindUnsure(receipt.Numbers, out var job) && _handedOut.TryGetValue(job, out var left) && left < record
                && receipts.Matcher.Parked.TryTake(receipt) && receipts.TrySettle(job, receipt))
            {
                _found.Add((job, receipt));
            }
        }

        var events = new EventBatch();
        foreach (var (job, receipt) in _found)
        {
            receipts.Write(events, job, MessagingEvents.Receipt, receipt);
        }

        receipts.Record(events);
    }

    private void Take(in EngineEvent item)
    {
        if (item.Kind == EntryKind.Done && HandOverData.TryRead(item.Data, out var handed) && !handed.Id.IsEmpty && engine.StageName(item.Stage) == receipts.Channel)
        {
            var job = item.Job;
            _found.AddRange(receipts.Matcher.Remember(receipts.Matcher.KeyOf(handed.Id), job, handed.Destination).Select(early => (job, early)));
        }
        else if (item.Kind == EntryKind.Event && ReceiptData.TryRead(item.Data, out var data) && Encoding.UTF8.GetString(data.Channel) == receipts.Channel)
        {
            TakeReceipt(item, data);
        }
    }

    private void TakeReceipt(in EngineEvent item, in ReceiptData data)
    {
        if (item.Code == MessagingEvents.Receipt)
        {
            var (job, id, state) = (item.Job, data.Id.ToArray(), data.State);
            _found.RemoveAll(found => found.Job == job && found.Receipt.State == state && found.Receipt.Id.AsSpan().SequenceEqual(id));
        }
        else if (item.Code == MessagingEvents.ParkedReceipt)
        {
            var numbers = new ReceiptNumbers(new CarrierNumber(data.Destination, data.Destination != 0), default);
            var receipt = new ParkedReceipt(data.State, data.Id.ToArray(), data.Error.ToArray(), numbers) { Tlvs = data.Tlvs.ToArray() };
            _parked.Add((item.Record, receipt));
            if (receipts.Matcher.Park(receipt, out var job))
            {
                _found.Add((job, receipt));
            }
        }
    }
}

using Strowger.Engine;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>
/// Where the newest messages' acceptances are in the log, by the number of their first part: what an event leaves out (numbers,
/// reference, callback) is read there. Older ones are found through their history, which takes several reads.
/// </summary>
internal sealed class RecentAcceptances(JobEngine engine)
{
    /// <summary>Messages found without walking their history: 16 octets each.</summary>
    private const int Kept = 1 << 18;

    /// <summary>Hand-overs and receipts are each in about the order of acceptance, at different places: a read-ahead for each.</summary>
    private readonly JobBodies _forward = new(engine);
    private readonly JobBodies _receipts = new(engine);
    private (long Id, long Record)[]? _ring;

    public void Add(in EngineEvent accepted)
    {
        _ring ??= new (long, long)[Kept];
        _ring[Slot(accepted.Job.Value)] = (accepted.Job.Value, accepted.Record);
    }

    /// <summary>Calls with the acceptance; false when it is past its retention.</summary>
    public bool Read(JobId parent, bool isReceipt, EventHandling take)
    {
        if (_ring is not null && _ring[Slot(parent.Value)] is var (id, record) && id == parent.Value
            && (isReceipt ? _receipts : _forward).TryRead(record, out var accepted))
        {
            take(accepted);
            return true;
        }

        var found = false;
        JobHistory.Read(engine, parent, (in EngineEvent item) =>
        {
            if (item.Kind == EntryKind.Accepted)
            {
                found = true;
                take(item);
            }
        });
        return found;
    }

    private static int Slot(long id) => (int)(id & (Kept - 1));
}

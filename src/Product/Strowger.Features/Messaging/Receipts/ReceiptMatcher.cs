using Strowger.Engine;
using Strowger.Records;
using Strowger.Records.Receipts;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Messaging.Receipts;

/// <summary>
/// Finds the part a receipt is for: the carrier's id in the forms carriers turn it into, in memory, then on disk by day;
/// a receipt that comes before its answer waits parked for a minute. One for each channel. Thread-safe.
/// </summary>
internal sealed class ReceiptMatcher(string channel, ReceiptIndexStore store, TimeProvider time)
{
    private readonly RecentIds _recent = new();
    private readonly IdFormLearner _forms = new();
    private readonly ulong _salt = KeySalt(channel);

    public ParkedReceipts Parked { get; } = new(time);

    public IdForm Form => _forms.Leader;

    /// <summary>The key under which an id is kept, in memory and on disk.</summary>
    public ulong KeyOf(ReadOnlySpan<byte> id) => MessageIdForms.Key(id) ^ _salt;

    public static ulong KeySalt(string channel) => MessageIdForms.Key(System.Text.Encoding.UTF8.GetBytes(channel)) * 31;

    /// <summary>A part was handed over, which the log says already. Returns the receipts that had come before.</summary>
    public IReadOnlyList<ParkedReceipt> Remember(ulong key, JobId job, ulong destination)
    {
        _recent.Add(key, job.Value, destination);
        return Parked.Take(key, destination);
    }

    public bool TryFind(ReadOnlySpan<byte> id, in ReceiptNumbers numbers, out JobId job)
    {
        Span<ulong> keys = stackalloc ulong[IdFormLearner.MaxKeys];
        var count = KeysOf(id, keys);
        if (TryFindRecent(id, keys[..count], numbers, out job))
        {
            return true;
        }

        foreach (var key in keys[..count])
        {
            if (TryFindOnDisk(key, numbers, out job))
            {
                Learn(id, key);
                return true;
            }
        }

        job = default;
        return false;
    }

    /// <summary>Keeps a receipt until its part is known. True with the part when that became known at this moment: then it is not kept.</summary>
    public bool Park(ParkedReceipt receipt, out JobId job)
    {
        job = default;
        Span<ulong> keys = stackalloc ulong[IdFormLearner.MaxKeys];
        var count = KeysOf(receipt.Id, keys);

        // The answer may come on another bind between the look-up and now: it sees what is parked, or we see what it remembered.
        return Parked.Add(receipt, keys[..count])
            && TryFindRecent(receipt.Id, keys[..count], receipt.Numbers, out job)
            && Parked.TryTake(receipt);
    }

    private int KeysOf(ReadOnlySpan<byte> id, Span<ulong> keys)
    {
        var count = _forms.Keys(id, keys);
        foreach (ref var key in keys[..count])
        {
            key ^= _salt;
        }

        return count;
    }

    private bool TryFindRecent(ReadOnlySpan<byte> id, ReadOnlySpan<ulong> keys, in ReceiptNumbers numbers, out JobId job)
    {
        foreach (var key in keys)
        {
            if (_recent.TryFind(key, numbers, out var found))
            {
                Learn(id, key);
                job = new JobId(found);
                return true;
            }
        }

        job = default;
        return false;
    }

    private bool TryFindOnDisk(ulong key, in ReceiptNumbers numbers, out JobId job)
    {
        job = default;
        try
        {
            foreach (var entry in store.Find(key))
            {
                if (numbers.Fit(entry.Destination))
                {
                    job = new JobId(entry.Job);
                    return true;
                }
            }
        }
        catch (RecordsException)
        {
            // A receipt is not lost for an index that cannot be read: it is recorded and parked. The one who writes the index tells of its trouble.
        }

        return false;
    }

    private void Learn(ReadOnlySpan<byte> id, ulong key)
    {
        for (var form = IdForm.AsIs; (int)form < MessageIdForms.Count; form++)
        {
            if (MessageIdForms.TryKey(form, id, out var candidate) && (candidate ^ _salt) == key)
            {
                _forms.Record(form);
                return;
            }
        }
    }
}

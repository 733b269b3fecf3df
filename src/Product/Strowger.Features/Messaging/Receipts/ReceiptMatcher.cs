using Strowger.Engine;
using Strowger.Records.Receipts;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Messaging.Receipts;

/// <summary>
/// Finds the part a receipt is for: the carrier's id in the forms carriers turn it into, in memory, then on disk by day;
/// a receipt that comes before its answer waits parked for a minute. One for each channel. Thread-safe.
/// </summary>
internal sealed class ReceiptMatcher(string channel, ReceiptIndexStore store, TimeProvider time)
{
    /// <summary>How long an early receipt waits for the answer it overtook.</summary>
    public static readonly TimeSpan ParkTime = TimeSpan.FromSeconds(60);

    /// <summary>A carrier that invents ids must not fill the memory; more are recorded and forgotten.</summary>
    private const int MaxParked = 100_000;

    /// <summary>Parked receipts looked up on disk in one go.</summary>
    private const int RecheckAtOnce = 1000;

    private readonly RecentIds _recent = new();
    private readonly IdFormLearner _forms = new();
    private readonly ulong _salt = KeySalt(channel);
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Parked> _parked = [];
    private readonly Queue<(ulong Key, long Until)> _order = new();

    private long _unmatched;

    /// <summary>Receipts for which no part was found within the minute.</summary>
    public long Unmatched => Interlocked.Read(ref _unmatched);

    public int ParkedCount
    {
        get
        {
            lock (_gate)
            {
                return _parked.Count;
            }
        }
    }

    public IdForm Form => _forms.Leader;

    /// <summary>The key under which an id is kept, in memory and on disk.</summary>
    public ulong KeyOf(ReadOnlySpan<byte> id) => MessageIdForms.Key(id) ^ _salt;

    public static ulong KeySalt(string channel) => MessageIdForms.Key(System.Text.Encoding.UTF8.GetBytes(channel)) * 31;

    /// <summary>A part was handed over. Returns a receipt that had come before, or null.</summary>
    public ParkedReceipt? Remember(ReadOnlySpan<byte> id, JobId job, ulong destination)
    {
        if (id.IsEmpty)
        {
            return null;
        }

        var key = KeyOf(id);
        _recent.Add(key, job.Value, destination);
        if (_parked.Count == 0)
        {
            return null;
        }

        lock (_gate)
        {
            return _parked.Remove(key, out var parked) && (parked.Receipt.Destination == 0 || parked.Receipt.Destination == destination)
                ? parked.Receipt
                : null;
        }
    }

    public bool TryFind(ReadOnlySpan<byte> id, ulong destination, out JobId job)
    {
        Span<ulong> keys = stackalloc ulong[IdFormLearner.MaxKeys];
        var count = _forms.Keys(id, keys);
        foreach (var key in keys[..count])
        {
            if (_recent.TryFind(key ^ _salt, destination, out var found))
            {
                Learn(id, key);
                job = new JobId(found);
                return true;
            }
        }

        foreach (var key in keys[..count])
        {
            if (TryFindOnDisk(key ^ _salt, destination, out job))
            {
                Learn(id, key);
                return true;
            }
        }

        job = default;
        return false;
    }

    public void Park(ReadOnlySpan<byte> id, in ParkedReceipt receipt)
    {
        Span<ulong> keys = stackalloc ulong[IdFormLearner.MaxKeys];
        var count = _forms.Keys(id, keys);
        var until = time.GetTimestamp() + (long)(ParkTime.TotalSeconds * time.TimestampFrequency);
        lock (_gate)
        {
            Expire();
            foreach (var key in keys[..count])
            {
                if (_parked.Count < MaxParked && _parked.TryAdd(key ^ _salt, new Parked(receipt)))
                {
                    _order.Enqueue((key ^ _salt, until));
                }
            }
        }
    }

    /// <summary>Parked receipts whose part has come to light since, on disk: after a restart the index catches up.</summary>
    public List<(JobId Job, ParkedReceipt Receipt)> Recheck()
    {
        List<(JobId, ParkedReceipt)> found = [];
        ulong[] keys;
        lock (_gate)
        {
            Expire();
            keys = _parked.Count == 0 ? [] : [.. _parked.Keys.Take(RecheckAtOnce)];
        }

        foreach (var key in keys)
        {
            if (TryFindOnDisk(key, 0, out var job))
            {
                lock (_gate)
                {
                    if (_parked.Remove(key, out var parked))
                    {
                        found.Add((job, parked.Receipt));
                    }
                }
            }
        }

        return found;
    }

    private void Expire()
    {
        while (_order.TryPeek(out var oldest) && oldest.Until < time.GetTimestamp())
        {
            _order.Dequeue();
            if (_parked.Remove(oldest.Key))
            {
                Interlocked.Increment(ref _unmatched);
            }
        }
    }

    private bool TryFindOnDisk(ulong key, ulong destination, out JobId job)
    {
        foreach (var entry in store.Find(key))
        {
            if (destination == 0 || entry.Destination == 0 || entry.Destination == destination)
            {
                job = new JobId(entry.Job);
                return true;
            }
        }

        job = default;
        return false;
    }

    private void Learn(ReadOnlySpan<byte> id, ulong key)
    {
        for (var form = IdForm.AsIs; (int)form < MessageIdForms.Count; form++)
        {
            if (MessageIdForms.TryKey(form, id, out var candidate) && candidate == key)
            {
                _forms.Record(form);
                return;
            }
        }
    }

    private readonly record struct Parked(ParkedReceipt Receipt);
}

/// <summary>A receipt that waits for its part.</summary>
internal readonly record struct ParkedReceipt(ReceiptState State, byte[] Id, byte[] Error, ulong Destination);

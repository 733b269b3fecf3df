using System.Numerics;

namespace Strowger.Smpp;

/// <summary>
/// Our unanswered requests of one connection by sequence number. A table indexed by the number's low bits, twice the window wide:
/// when a slow answer still holds the place of the next number, that number is skipped, so no search is ever needed. Numbers run
/// 1..0x7FFFFFFF and wrap (SMPP 3.4 section 5.1.4). Used with the connection's lock held.
/// </summary>
internal sealed class RequestWindow
{
    private const int MinSlots = 64;

    private Slot[] _slots;
    private uint _mask;
    private uint _next;
    private long _oldestSentAt;

    public RequestWindow(int limit, uint firstSequence)
    {
        int slots = SlotsFor(limit);
        _slots = new Slot[slots];
        _mask = (uint)slots - 1;
        _next = firstSequence;
        Limit = limit;
    }

    public int Outstanding { get; private set; }

    public int Limit { get; private set; }

    public LateRequests Late { get; } = new();

    public void SetLimit(int limit)
    {
        Limit = limit;
        int slots = SlotsFor(limit);
        if (slots <= _slots.Length)
        {
            return;
        }

        var old = _slots;
        _slots = new Slot[slots];
        _mask = (uint)slots - 1;
        foreach (var slot in old)
        {
            // Numbers that differed in the low bits of the smaller table differ in the larger one too.
            if (slot.Sequence != 0)
            {
                _slots[slot.Sequence & _mask] = slot;
            }
        }
    }

    /// <summary>The number the next request gets. Only called with fewer outstanding than slots.</summary>
    public uint PeekSequence()
    {
        while (_slots[_next & _mask].Sequence != 0)
        {
            _next = After(_next);
        }

        return _next;
    }

    /// <summary>A number for a request that is not kept here.</summary>
    public uint TakeSequence()
    {
        uint sequence = PeekSequence();
        _next = After(sequence);
        return sequence;
    }

    public void Add(uint sequence, long tag, object? waiter, long sentAt, long endsAt)
    {
        if (Outstanding == 0)
        {
            _oldestSentAt = sentAt;
        }

        _slots[sequence & _mask] = new Slot { Sequence = sequence, Tag = tag, Waiter = waiter, SentAt = sentAt, EndsAt = endsAt };
        Outstanding++;
        _next = After(sequence);
        Late.Forget(sequence);
    }

    public bool TryTake(uint sequence, out long tag, out object? waiter)
    {
        ref var slot = ref _slots[sequence & _mask];
        if (slot.Sequence != sequence || sequence == 0)
        {
            tag = 0;
            waiter = null;
            return false;
        }

        tag = slot.Tag;
        waiter = slot.Waiter;
        slot = default;
        Outstanding--;
        return true;
    }

    /// <summary>Takes out what was sent at or before a timestamp and remembers it for late answers.</summary>
    public void TakeExpired(long sentAtOrBefore, List<Unanswered> to)
    {
        if (Outstanding == 0 || _oldestSentAt > sentAtOrBefore)
        {
            return;
        }

        long oldest = long.MaxValue;
        for (int i = 0; i < _slots.Length; i++)
        {
            ref var slot = ref _slots[i];
            if (slot.Sequence == 0)
            {
                continue;
            }

            if (slot.SentAt > sentAtOrBefore)
            {
                oldest = Math.Min(oldest, slot.SentAt);
                continue;
            }

            if (slot.Waiter is null)
            {
                Late.Remember(slot.Sequence, slot.Tag);
            }

            to.Add(new Unanswered(slot.Tag, slot.Waiter, slot.EndsAt));
            slot = default;
            Outstanding--;
        }

        _oldestSentAt = oldest;
    }

    public void TakeAll(List<Unanswered> to)
    {
        for (int i = 0; i < _slots.Length && Outstanding > 0; i++)
        {
            ref var slot = ref _slots[i];
            if (slot.Sequence != 0)
            {
                to.Add(new Unanswered(slot.Tag, slot.Waiter, slot.EndsAt));
                slot = default;
                Outstanding--;
            }
        }
    }

    private static int SlotsFor(int limit) => (int)Math.Max(MinSlots, BitOperations.RoundUpToPowerOf2((uint)limit * 2));

    private static uint After(uint sequence) => sequence >= SmppLimits.LastSequence ? SmppLimits.FirstSequence : sequence + 1;

    private struct Slot
    {
        public uint Sequence;
        public object? Waiter;
        public long Tag;
        public long SentAt;
        public long EndsAt;
    }
}

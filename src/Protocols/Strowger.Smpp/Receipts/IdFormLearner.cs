namespace Strowger.Smpp.Receipts;

/// <summary>
/// Learns what one carrier does to message ids. A form that hits <see cref="Samples"/> times since the last change of leader becomes the one tried first; the others stay behind it.
/// Safe for several threads.
/// </summary>
public sealed class IdFormLearner
{
    /// <summary>Hits before a form leads: enough that a few chance matches of short ids do not decide.</summary>
    public const int Samples = 50;

    /// <summary>The most keys <see cref="Keys"/> returns: the first three forms share one.</summary>
    public const int MaxKeys = 3;

    private readonly int[] _hits = new int[MessageIdForms.Count];
    private readonly Lock _lock = new();
    private volatile int _leader;

    /// <summary>Starts with nothing learnt, or with what was learnt before a restart.</summary>
    public IdFormLearner(IdForm leader = IdForm.AsIs, bool learnt = false)
    {
        _leader = (int)leader;
        Learnt = learnt;
    }

    /// <summary>The form tried first.</summary>
    public IdForm Leader => (IdForm)_leader;

    /// <summary>True once a form has led by hits.</summary>
    public bool Learnt { get; private set; }

    /// <summary>Counts a match; true when it made another form the leader or settled the first one (then keep <see cref="Leader"/>).</summary>
    public bool Record(IdForm hit)
    {
        lock (_lock)
        {
            if (Learnt && (int)hit == _leader)
            {
                // Chance hits of other forms must not add up over a year.
                Array.Clear(_hits);
                return false;
            }

            if (++_hits[(int)hit] < Samples)
            {
                return false;
            }

            Array.Clear(_hits);
            Learnt = true;
            _leader = (int)hit;
            return true;
        }
    }

    /// <summary>The distinct keys to look a receipt's id up by, the likeliest first; at most <see cref="MaxKeys"/>.</summary>
    public int Keys(ReadOnlySpan<byte> receiptId, Span<ulong> keys)
    {
        var leader = Leader;
        var count = 0;
        if (leader > IdForm.NoLeadingZeros)
        {
            Add(leader, receiptId, keys, ref count);
        }

        Add(IdForm.NoLeadingZeros, receiptId, keys, ref count);
        Add(IdForm.DecimalToHex, receiptId, keys, ref count);
        Add(IdForm.HexToDecimal, receiptId, keys, ref count);
        return count;
    }

    private static void Add(IdForm form, ReadOnlySpan<byte> id, Span<ulong> keys, ref int count)
    {
        if (MessageIdForms.TryKey(form, id, out var key) && !keys[..count].Contains(key))
        {
            keys[count++] = key;
        }
    }
}

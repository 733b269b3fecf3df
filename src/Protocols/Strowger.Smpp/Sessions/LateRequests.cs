namespace Strowger.Smpp;

/// <summary>Requests whose timer ran out and whose answer may still come; the oldest are forgotten beyond a bound.</summary>
internal sealed class LateRequests
{
    /// <summary>About 3 MB; at a window of 1,000 that is 65 full windows of silence.</summary>
    internal const int MaxRemembered = 65_536;

    private readonly Dictionary<uint, long> _tags = [];
    private readonly Queue<uint> _order = [];

    public int Count => _tags.Count;

    public void Remember(uint sequence, long tag)
    {
        if (_order.Count >= MaxRemembered)
        {
            _tags.Remove(_order.Dequeue());
        }

        _tags[sequence] = tag;
        _order.Enqueue(sequence);
    }

    public bool TryTake(uint sequence, out long tag)
    {
        tag = 0;
        return _tags.Count > 0 && _tags.Remove(sequence, out tag);
    }

    /// <summary>The number was given to a new request after a wrap: an answer to it is not the old one's.</summary>
    public void Forget(uint sequence)
    {
        if (_tags.Count > 0)
        {
            _tags.Remove(sequence);
        }
    }
}

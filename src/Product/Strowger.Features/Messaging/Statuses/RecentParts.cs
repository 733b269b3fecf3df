using Strowger.Engine;
using Strowger.Records.Messages;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>
/// Messages of several parts that a reader of the log has met lately: where each part is, so that the next event of one need not read
/// the history of all. One that is not here is read from the engine and the journal. One thread at a time.
/// </summary>
internal sealed class RecentParts(MessageReader reader)
{
    /// <summary>Messages kept: 10 MB or so. As many as wait for receipts over half a minute at 3,000 a second.</summary>
    private const int MaxMessages = 100_000;

    private readonly Dictionary<long, PartFold[]> _messages = [];

    /// <summary>Oldest first; some are over already.</summary>
    private readonly Queue<long> _order = new();

    /// <summary>A message begins. What is not told of here is read when its first event comes.</summary>
    public void Accept(in EngineEvent item)
    {
        if (item.Parts > 1)
        {
            // Also of one for later: nothing tells of the moment at which its time has come.
            var parts = new PartFold[item.Parts];
            Array.Fill(parts, PartFold.At(MessageStatus.Queued));
            Keep(item.Job.Value, parts);
        }
    }

    /// <summary>Status of the event's message once it has happened: its worst part's.</summary>
    public MessageStatus After(in EngineEvent item)
    {
        var parent = item.Parent.Value;
        if (!_messages.TryGetValue(parent, out var parts))
        {
            parts = reader.FoldsOf(item.Parent);
            Keep(parent, parts);
        }

        if (item.Part < parts.Length)
        {
            parts[item.Part].Follow(item);
        }

        var worst = (MessageStatus)0;
        var isOver = true;
        foreach (ref readonly var part in parts.AsSpan())
        {
            worst = PartStatus.Worse(worst, part.Status);
            isOver &= PartStatus.IsFinal(part.Status);
        }

        if (isOver)
        {
            _messages.Remove(parent);
        }

        return worst;
    }

    /// <summary>Forgets all: what was read since a commit is read again.</summary>
    public void Clear()
    {
        _messages.Clear();
        _order.Clear();
    }

    private void Keep(long parent, PartFold[] parts)
    {
        if (_order.Count >= MaxMessages)
        {
            _messages.Remove(_order.Dequeue());
        }

        _messages[parent] = parts;
        _order.Enqueue(parent);
    }
}

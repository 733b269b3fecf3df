using Strowger.Engine;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>A text received with its place in the log: a whole one, or a part of one.</summary>
internal sealed record InboundItem(EventPosition Position, long Record, long TimeMs, InboundText Text)
{
    /// <summary>Of the parts it was joined from; empty when it came in one piece.</summary>
    public IReadOnlyList<EventPosition> JoinedFrom { get; init; } = [];

    public bool IsPart => Text is { Parts: > 1, Part: > 0 };

    /// <summary>False when the event is of another kind or cannot be read.</summary>
    public static bool TryRead(in EngineEvent item, out InboundItem? found)
    {
        found = item.Kind == EntryKind.Event && item.Code == MessagingEvents.Inbound && InboundText.Parse(item.Data) is { } text
            ? new InboundItem(item.Position, item.Record, item.TimeMs, text)
            : null;
        return found is not null;
    }
}

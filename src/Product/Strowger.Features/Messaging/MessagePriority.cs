namespace Strowger.Features.Messaging;

/// <summary>The lane a message waits in. The values are stored in message bodies: never renumber.</summary>
public enum MessagePriority : byte
{
    /// <summary>The default.</summary>
    Normal = 0,

    /// <summary>One-time codes.</summary>
    Urgent = 1,

    /// <summary>Campaigns.</summary>
    Bulk = 2,
}

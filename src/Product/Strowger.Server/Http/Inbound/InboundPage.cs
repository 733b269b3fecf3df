using Strowger.Features.Messaging.Inbound;

namespace Strowger.Server.Http.Inbound;

/// <summary>A text received, as the list shows it.</summary>
/// <param name="Id">Stable: a client that asks twice knows it again.</param>
public sealed record InboundRecord(string Id, DateTimeOffset ReceivedAt, InboundText Text);

/// <param name="Rows">Newest first.</param>
/// <param name="NextCursor">Of the page before; null at the end.</param>
public sealed record InboundPage(IReadOnlyList<InboundRecord> Rows, string? NextCursor);

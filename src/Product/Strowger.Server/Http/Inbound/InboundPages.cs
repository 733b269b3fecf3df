using System.Globalization;
using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;
using Strowger.Records.Inbound;

namespace Strowger.Server.Http.Inbound;

/// <summary>Pages of texts received from their list.</summary>
internal static class InboundPages
{
    /// <param name="store">The list.</param>
    /// <param name="limit">Rows of the page.</param>
    /// <param name="cursor">Of the page before; null, or one that is none, begins with the newest.</param>
    public static InboundPage List(InboundStore store, int limit, string? cursor)
    {
        var before = long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : long.MaxValue;
        var page = store.List(new InboundFilter { Limit = limit, Before = before });
        return new InboundPage(
            [.. page.Rows.Select(RecordOf)],
            page.NextBefore?.ToString(CultureInfo.InvariantCulture));
    }

    private static InboundRecord RecordOf(InboundRow row) => new(
        InboundId.Of(new EventPosition(row.Position)), DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedMs), InboundProjection.TextOf(row));
}

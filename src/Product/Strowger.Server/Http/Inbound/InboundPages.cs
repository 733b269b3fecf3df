using System.Globalization;
using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;
using Strowger.Records.Inbound;

namespace Strowger.Server.Http.Inbound;

/// <summary>Pages of texts received from their list.</summary>
internal static class InboundPages
{
    public static InboundPage List(InboundStore store, InboundFilter filter)
    {
        var page = store.List(filter);
        return new InboundPage(
            [.. page.Rows.Select(RecordOf)],
            page.NextBefore?.ToString(CultureInfo.InvariantCulture));
    }

    private static InboundRecord RecordOf(InboundRow row) => new(
        InboundId.Of(new EventPosition(row.Position)), DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedMs), InboundProjection.TextOf(row));
}

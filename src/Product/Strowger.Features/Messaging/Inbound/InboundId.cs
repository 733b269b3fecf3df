using System.Globalization;
using Strowger.Engine;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>A received text's id as its users see it: <c>in_</c> and the place of its event, which the lists and posts share.</summary>
public static class InboundId
{
    public static string Of(EventPosition position) => string.Create(CultureInfo.InvariantCulture, $"in_{position.Value}");
}

using System.Net;
using Strowger.Features.Messaging;

namespace Strowger.Server.Demo;

/// <summary>Ties a server that runs for the demo to the demo's carrier, by <c>STROWGER_DEMO=HOST:PORT</c> of the carrier's control port.</summary>
internal sealed class DemoLink(CarrierControl carrier)
{
    public const string Variable = "STROWGER_DEMO";

    public CarrierControl Carrier => carrier;

    /// <summary>Null when the server does not run for a demo.</summary>
    public static DemoLink? FromEnvironment(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue(Variable, out var value) && IPEndPoint.TryParse(value, out var endPoint)
            ? new DemoLink(new CarrierControl(endPoint))
            : null;
}

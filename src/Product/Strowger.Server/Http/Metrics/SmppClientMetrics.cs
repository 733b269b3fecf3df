using Strowger.Features.Messaging.SmppDoor;

namespace Strowger.Server.Http.Metrics;

/// <summary>The SMPP door's clients.</summary>
internal static class SmppClientMetrics
{
    private const string Prefix = "strowger_smpp_client_";

    public static void Write(MetricsSink sink, IReadOnlyList<DoorClientInfo> clients)
    {
        if (clients.Count == 0)
        {
            return;
        }

        Gauge("binds", "Binds of the client.", client => client.Binds.Count);
        Gauge("in_flight", "submit_sm waiting for our answer.", client => client.Binds.Sum(bind => bind.Unanswered));
        Gauge("rate_used", "Parts a second over the last seconds.", client => client.RateUsed);
        Gauge("waiting", "Receipts and incoming texts not delivered to the client yet.", client => client.Waiting);
        Counter("accepted", "submit_sm accepted.", client => client.Accepted);
        Counter("refused", "submit_sm refused, whatever for.", client => client.Refused);
        Counter("throttled", "submit_sm refused because over rate or window.", client => client.Throttled);
        Counter("delivered", "Receipts and incoming texts that the client has taken.", client => client.Delivered);
        Counter("dropped", "Receipts and incoming texts dropped because too many waited.", client => client.Dropped);

        void Gauge(string name, string help, Func<DoorClientInfo, double> value)
        {
            sink.Gauge(Prefix + name, help);
            Each(value);
        }

        void Counter(string name, string help, Func<DoorClientInfo, double> value)
        {
            sink.Counter($"{Prefix}{name}_total", help);
            Each(value);
        }

        void Each(Func<DoorClientInfo, double> value)
        {
            foreach (var client in clients)
            {
                sink.Sample(value(client), ("client", client.Settings.SystemId));
            }
        }
    }
}

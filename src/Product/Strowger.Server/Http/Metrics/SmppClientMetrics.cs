using Strowger.Features.Messaging.SmppDoor;

namespace Strowger.Server.Http.Metrics;

/// <summary>The SMPP door's clients.</summary>
internal static class SmppClientMetrics
{
    public static void Write(MetricsSink sink, IReadOnlyList<DoorClientInfo> clients)
    {
        if (clients.Count == 0)
        {
            return;
        }

        sink.Gauge("strowger_smpp_client_binds", "Binds of the client.");
        Each(client => client.Binds.Count);
        sink.Gauge("strowger_smpp_client_in_flight", "submit_sm waiting for our answer.");
        Each(client => client.Binds.Sum(bind => bind.Unanswered));
        sink.Gauge("strowger_smpp_client_rate_used", "Parts a second over the last seconds.");
        Each(client => client.RateUsed);
        sink.Gauge("strowger_smpp_client_waiting", "Receipts and incoming texts not delivered to the client yet.");
        Each(client => client.Waiting);
        sink.Counter("strowger_smpp_client_accepted_total", "submit_sm accepted.");
        Each(client => client.Accepted);
        sink.Counter("strowger_smpp_client_refused_total", "submit_sm refused, whatever for.");
        Each(client => client.Refused);
        sink.Counter("strowger_smpp_client_throttled_total", "submit_sm refused because over rate or window.");
        Each(client => client.Throttled);
        sink.Counter("strowger_smpp_client_delivered_total", "Receipts and incoming texts that the client has taken.");
        Each(client => client.Delivered);
        sink.Counter("strowger_smpp_client_dropped_total", "Receipts and incoming texts dropped because too many waited.");
        Each(client => client.Dropped);

        void Each(Func<DoorClientInfo, double> value)
        {
            foreach (var client in clients)
            {
                sink.Sample(value(client), ("client", client.Settings.SystemId));
            }
        }
    }
}

using System.Globalization;
using Strowger.Engine;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>Makes jobs of events: each host its own flow.</summary>
internal sealed class WebhookQueue(JobEngine engine)
{
    public const string Name = "webhooks";

    /// <summary>Handles kept by host; looked up again beyond.</summary>
    private const int MaxFlows = 10_000;

    private readonly Dictionary<(Lane, string), FlowHandle> _flows = [];
    private readonly byte[] _headers = new byte[EngineLimits.MaxHeaderBytes];

    public static string EventId(long position) => string.Create(CultureInfo.InvariantCulture, $"evt_{position}");

    /// <summary>One thread at a time. The job's headers are valid until the next call.</summary>
    public NewJob Job(WebhookTarget target, string host, ReadOnlySpan<byte> body, Lane lane = Lane.Normal, UInt128 key = default) => new()
    {
        Flow = FlowOf(lane, host),
        Headers = _headers.AsSpan(0, target.Write(_headers)),
        Body = body,
        UniqueKey = key,
    };

    private FlowHandle FlowOf(Lane lane, string host)
    {
        if (!_flows.TryGetValue((lane, host), out var flow))
        {
            if (_flows.Count >= MaxFlows)
            {
                _flows.Clear();
            }

            _flows[(lane, host)] = flow = engine.Flow(Name, lane, host);
        }

        return flow;
    }
}

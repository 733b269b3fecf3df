using System.Globalization;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Limits;
using Strowger.Features.Messaging.Routes;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging.Sending;

/// <summary>
/// The door for texts: checks what the request asks for against channels, encoding and time, and makes the job of it. One
/// for each caller at a time (buffers are reused); rent them from <see cref="MessagingService"/>.
/// </summary>
public sealed class MessageIntake
{
    private readonly JobEngine _engine;
    private readonly ChannelSet _channels;
    private readonly Eta _eta;
    private readonly TimeProvider _time;
    private readonly ushort[] _partEnds = new ushort[TextLimits.MaxParts];
    private byte[] _body = new byte[1024];
    private byte[] _account = [];
    private string _accountText = string.Empty;

    // The same flow a hundred thousand times in a row is looked up once.
    private byte[] _flowName = [];
    private (string Queue, Lane Lane) _flowOf;
    private FlowHandle _flow;
    private byte[] _limitedCampaign = [];
    private (string Queue, Lane Lane, Sender From, string Flow) _limitedOf;
    private FlowHandle _limited;

    internal MessageIntake(JobEngine engine, ChannelSet channels, Eta eta, TimeProvider time)
    {
        _engine = engine;
        _channels = channels;
        _eta = eta;
        _time = time;
    }

    public MessageRequest Request { get; } = new();

    /// <summary>The flow that jobs go into; empty: that of the request's campaign.</summary>
    public string FlowName { get; set; } = string.Empty;

    /// <summary>Who hands messages in, kept with them; empty: nobody with a name. At most <see cref="MessageLimits.MaxAccount"/> octets.</summary>
    public string Account
    {
        get => _accountText;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (_accountText != value)
            {
                var octets = System.Text.Encoding.UTF8.GetBytes(value);
                ArgumentOutOfRangeException.ThrowIfGreaterThan(octets.Length, MessageLimits.MaxAccount, nameof(value));
                (_accountText, _account) = (value, octets);
            }
        }
    }

    /// <summary>Checks the parsed <see cref="Request"/>; a null error means it can be enqueued by <see cref="ToJob"/>.</summary>
    public RequestError? Prepare(out PreparedMessage message)
    {
        message = default;
        if (FindRoute(out var error) is not { } route)
        {
            return error;
        }

        var options = route.Encoding;
        var plan = PlanOf(options);
        if (!plan.Ok)
        {
            return RequestError.Of(plan, Request.Text, options);
        }

        if (plan.Parts > 1 && route.HasLimits && _eta.DayLimitOf(route, Request.From) is { } limit && plan.Parts > limit.PerDay)
        {
            return new RequestError(422, "sender_limit", Request.IsData ? "data_hex" : "text", string.Create(
                CultureInfo.InvariantCulture,
                $"It takes {plan.Parts} parts, and by the limit '{limit.Name}' its sender may send {limit.PerDay} a day. Shorten it, or raise PerDay of the limit."));
        }

        var lane = LaneOf(Request.Priority ?? MessagePriority.Normal);
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var due = Request.SendAtMs is { } at && at > now ? at : 0;
        var expires = Request.ExpiresInSeconds is { } life ? now + (life * 1000L) : 0;
        var eta = Math.Max(now + (long)_eta.Of(route, lane, Request.From, plan.Parts).TotalMilliseconds, due);
        if (expires > 0 && eta > expires)
        {
            return new RequestError(429, "too_late", "expires_in", string.Create(
                CultureInfo.InvariantCulture,
                $"It would be handed over in {(eta - now) / 1000} s, after it expires in {Request.ExpiresInSeconds} s. Give it a higher priority, a longer life, or add a channel."));
        }

        message = new PreparedMessage(route, plan, lane, due, expires, eta) { InPayload = plan.Parts > 1 && route.TakesPayload };
        return null;
    }

    /// <summary>The job of a prepared message; valid until the next call.</summary>
    public NewJob ToJob(in PreparedMessage message, UInt128 key = default, ulong content = 0, ReadOnlySpan<byte> headers = default)
    {
        var fields = MessageBodyFields.Of(Request, message.Plan, _account, message.InPayload);
        var most = MessageBody.MaxLength(fields);
        if (_body.Length < most)
        {
            _body = new byte[most];
        }

        return new NewJob
        {
            Flow = FlowOf(message.Route, message.Lane),
            Body = _body.AsSpan(0, MessageBody.Write(fields, _body)),
            Headers = headers,
            Parts = message.InPayload ? 1 : message.Plan.Parts,
            Cost = message.InPayload ? message.Plan.Parts : 1,
            DueMs = message.DueMs,
            ExpiresMs = message.ExpiresMs,
            UniqueKey = key,
            UniqueContent = content,
        };
    }

    private TextPlan PlanOf(EncodeOptions options)
    {
        if (Request.Coding is not { } coding)
        {
            return Request.IsData ? MessageEncoder.PlanBinary(Request.Data.Length, options) : MessageEncoder.Plan(Request.Text, options, _partEnds);
        }

        var plan = coding.IsWhole ? new TextPlan { Encoding = TextEncoding.Binary, Parts = 1, Units = Request.Data.Length, ErrorIndex = -1 }
            : Request.IsData ? MessageEncoder.PlanBinary(Request.Data.Length, options)
            : MessageEncoder.PlanAs(coding.Encoding, Request.Text, options, _partEnds);
        return plan with { DataCoding = coding.DataCoding };
    }

    private Route? FindRoute(out RequestError? error)
    {
        error = null;
        if (Request.Channel.IsEmpty)
        {
            var route = _channels.Routes.Find(Request.To);
            error = route is null
                ? new RequestError(422, "no_route", "to", $"No channel serves {Request.To}. Add a channel without prefixes (the default route) or with a prefix of this number.")
                : null;
            return route;
        }

        var name = System.Text.Encoding.UTF8.GetString(Request.Channel);
        var pinned = _channels.Routes.Pinned(name);
        error = pinned is null
            ? new RequestError(422, "unknown_channel", "channel", $"There is no channel '{name}'. Known: {string.Join(", ", _channels.All.Select(c => c.Name).Take(20))}.")
            : null;
        return pinned;
    }

    private FlowHandle FlowOf(Route route, Lane lane)
    {
        if (route.HasLimits)
        {
            return LimitedFlowOf(route.Queue, lane);
        }

        var queue = route.Queue;
        if (FlowName.Length > 0)
        {
            if (_flowOf != (queue, lane) || _flow == default || _flow.Name != FlowName)
            {
                _flowOf = (queue, lane);
                _flow = _engine.Flow(queue, lane, FlowName);
            }

            return _flow;
        }

        if (_flowOf != (queue, lane) || !Request.Campaign.SequenceEqual(_flowName) || _flow == default)
        {
            _flowName = Request.Campaign.ToArray();
            _flowOf = (queue, lane);
            _flow = _engine.Flow(queue, lane, System.Text.Encoding.UTF8.GetString(_flowName));
        }

        return _flow;
    }

    /// <summary>A flow for each sender: one that has to wait holds back no other.</summary>
    private FlowHandle LimitedFlowOf(string queue, Lane lane)
    {
        if (_limitedOf != (queue, lane, Request.From, FlowName) || !Request.Campaign.SequenceEqual(_limitedCampaign) || _limited == default)
        {
            _limitedCampaign = Request.Campaign.ToArray();
            _limitedOf = (queue, lane, Request.From, FlowName);
            var name = FlowName.Length > 0 ? FlowName : System.Text.Encoding.UTF8.GetString(_limitedCampaign);
            _limited = _engine.Flow(queue, lane, name, SenderKey.Of(Request.From));
        }

        return _limited;
    }

    private static Lane LaneOf(MessagePriority priority) => priority switch
    {
        MessagePriority.Urgent => Lane.Urgent,
        MessagePriority.Bulk => Lane.Bulk,
        _ => Lane.Normal,
    };
}

/// <summary>A request that has passed all checks. Times in Unix milliseconds, 0 = none.</summary>
public readonly record struct PreparedMessage(Route Route, TextPlan Plan, Lane Lane, long DueMs, long ExpiresMs, long EtaMs)
{
    public string ExpectedChannel => Route.Channels[0];

    /// <summary>One job that costs as many parts as the carrier makes of it.</summary>
    public bool InPayload { get; init; }
}

using System.Globalization;
using Strowger.Features.Access;
using Strowger.Features.Messaging;
using Strowger.Records.Messages;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Messages;

/// <summary><c>GET /v1/messages</c>: from the read model, which says how far it lags behind.</summary>
internal sealed class ListEndpoint(HttpServices services, Lag lag)
{
    public const string LagHeader = "Strowger-Lag-Ms";

    private static readonly string[] _parameters = ["status", "channel", "to", "reference", "campaign", "limit", "cursor", "count"];

    public IEnumerable<ApiRoute> Routes => [new("GET", "/v1/messages", Rights.MessagesRead, ListAsync)];

    private Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, _parameters);
        var filter = new MessageFilter
        {
            Status = Status(query),
            Channel = query.Text("channel"),
            To = To(query),
            Reference = query.Text("reference"),
            Campaign = query.Text("campaign"),
            Limit = query.Limit(),
            Before = Cursor(query),
        };
        var isCounted = query.Flag("count");
        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        var behind = lag.Of("messages");
        var page = services.Lists.List(filter, context.RequestAborted);
        MessageCount? count = isCounted ? services.Lists.Count(filter, context.RequestAborted) : null;
        context.Response.Headers[LagHeader] = ((long)behind.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return PageAnswer.WriteAsync(
            context, page.Rows, page.NextBefore is { } before ? new MessageId(new(before)).ToString() : null, MessageJson.Write, writer =>
            {
                writer.WriteTime("as_of"u8, services.Time.GetUtcNow() - behind);
                if (count is { } counted)
                {
                    writer.WriteNumber("count"u8, counted.Count);
                    writer.WriteBoolean("count_capped"u8, counted.Capped);
                }
            });
    }

    private static MessageStatus? Status(QueryReader query)
    {
        if (query.Text("status") is not { } text)
        {
            return null;
        }

        if (MessageStatusText.TryParse(text, out var status))
        {
            return status;
        }

        query.Fail("status", "there is no such status; known are " + string.Join(", ", MessageStatusText.All));
        return null;
    }

    private static ulong? To(QueryReader query)
    {
        // A '+' that was not escaped arrives as a blank.
        if (query.Text("to")?.Trim() is not { } text)
        {
            return null;
        }

        if (Msisdn.TryParse(text, out var number, out var error))
        {
            return number.Value;
        }

        query.Fail("to", Msisdn.Explain(error), "invalid_number");
        return null;
    }

    private static long Cursor(QueryReader query)
    {
        if (query.Text("cursor") is not { } text)
        {
            return long.MaxValue;
        }

        if (MessageId.TryParse(text, out var id))
        {
            return id.Job.Value;
        }

        query.Fail("cursor", "it is not one of ours; take next_cursor of the page before", "invalid_cursor");
        return long.MaxValue;
    }
}

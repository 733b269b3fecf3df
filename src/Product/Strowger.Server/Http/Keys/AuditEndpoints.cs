using System.Globalization;
using Strowger.Features.Access;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Keys;

/// <summary><c>GET /v1/audit</c>: who changed what, newest first.</summary>
internal sealed class AuditEndpoints(HttpServices services)
{
    public IEnumerable<ApiRoute> Routes => [new("GET", "/v1/audit", Rights.KeysWrite, ListAsync)];

    private Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "limit", "cursor");
        var limit = query.Limit();
        var before = query.Number("cursor", 1, long.MaxValue, long.MaxValue);
        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        var rows = services.Settings.Audit.List(limit, before);
        var next = rows.Count == limit && rows[^1].Id > 1 ? rows[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
        return PageAnswer.WriteAsync(context, rows, next, static (writer, row) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("id"u8, row.Id);
            writer.WriteTime("time"u8, row.At);
            writer.WriteString("who"u8, row.Who);
            writer.WriteString("action"u8, row.Action);
            writer.WriteString("subject"u8, row.Subject);
            writer.WriteString("before"u8, row.Before);
            writer.WriteString("after"u8, row.After);
            writer.WriteEndObject();
        });
    }
}

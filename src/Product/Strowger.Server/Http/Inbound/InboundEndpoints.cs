using System.Globalization;
using Strowger.Features.Access;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Inbound;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Inbound;

/// <summary><c>GET /v1/inbound</c>: texts received, newest first.</summary>
internal sealed class InboundEndpoints(HttpServices services)
{
    /// <summary>Characters of an address: more than any carrier writes.</summary>
    private const int MaxAddress = 255;

    public IEnumerable<ApiRoute> Routes => [new("GET", "/v1/inbound", Rights.MessagesRead, ListAsync)];

    private Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "from", "to", "limit", "cursor");
        var filter = new InboundFilter { From = Address(query, "from"), To = Address(query, "to"), Limit = query.Limit(), Before = Cursor(query) };
        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        var page = services.Inbound(filter);
        return PageAnswer.WriteAsync(context, page.Rows, page.NextCursor, static (writer, row) =>
        {
            writer.WriteStartObject();
            writer.WriteString("id"u8, row.Id);
            writer.WriteTime("received_at"u8, row.ReceivedAt);
            writer.WriteString("channel"u8, row.Text.Channel);
            writer.WriteString("from"u8, row.Text.From);
            writer.WriteString("to"u8, row.Text.To);
            writer.WriteString("text"u8, row.Text.Text);
            if (row.Text.DataHex is not null)
            {
                writer.WriteString("data_hex"u8, row.Text.DataHex);
            }

            if (row.Text.Part > 0)
            {
                writer.WriteNumber("part"u8, row.Text.Part);
            }

            writer.WriteNumber("parts"u8, row.Text.Parts);
            if (row.Text.Parts > 1)
            {
                writer.WriteNumber("parts_reference"u8, row.Text.Reference);
            }

            JsonTlvs.Write(writer, row.Text.Tlvs);
            writer.WriteEndObject();
        });
    }

    /// <summary>As the carrier wrote it, with or without '+'; one that was not escaped arrives as a blank.</summary>
    private static string? Address(QueryReader query, string name)
    {
        var text = query.Text(name)?.Trim().TrimStart('+');
        if (text?.Length is 0 or > MaxAddress)
        {
            query.Fail(name, $"allowed are 1 to {MaxAddress} characters, as the carrier wrote it, with or without '+'");
        }

        return text;
    }

    private static long Cursor(QueryReader query)
    {
        if (query.Text("cursor") is not { } text)
        {
            return long.MaxValue;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            return position;
        }

        query.Fail("cursor", "it is not one of ours; take next_cursor of the page before", "invalid_cursor");
        return long.MaxValue;
    }
}

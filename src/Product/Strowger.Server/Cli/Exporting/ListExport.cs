using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.Features.Messaging;
using Strowger.Records;
using Strowger.Server.Erasure;

namespace Strowger.Server.Cli.Exporting;

/// <summary>Lists of a server, page after page: memory holds one.</summary>
internal sealed class ListExport(ApiClient api)
{
    public static readonly string[] MessageColumns =
        ["id", "status", "to", "from", "channel", "segments", "campaign", "reference", "accepted_at", "updated_at", "sent_at", "final_at", "error"];

    /// <summary>Texts sent, newest first.</summary>
    public async Task MessagesAsync(
        IReadOnlyList<(string Name, string? Value)> filters, DateTimeOffset? since, DateTimeOffset? until, Action<JsonElement> write, CancellationToken ct)
    {
        await PagesAsync("v1/messages", filters, row =>
        {
            var accepted = DateTimeOffset.Parse(row.Text("accepted_at")!, CultureInfo.InvariantCulture);
            if (accepted < since)
            {
                return false;
            }

            if (until is null || accepted < until)
            {
                write(row);
            }

            return true;
        }, ct);
    }

    /// <summary>All about one number.</summary>
    /// <returns>Texts sent to and from it, texts received from or for it, rows of campaigns' files and jobs that name it.</returns>
    public async Task<(long Sent, long Received, long Rows, long Jobs)> NumberAsync(string number, TextWriter to, CancellationToken ct)
    {
        var (sent, received, rows, jobs) = (0L, 0L, 0L, 0L);
        var ids = new List<JsonElement>();
        string? cursor = null;
        do
        {
            ids.Clear();
            cursor = await PageAsync("v1/messages", [("to", number)], cursor, row => ids.Add(row.Clone()), ct);
            foreach (var row in ids)
            {
                Write(to, "message", await WholeAsync(row, ct));
                sent++;
            }
        }
        while (cursor is not null);

        // Refused by the server when it is none.
        var forms = Msisdn.TryParse(number, out var parsed, out _) ? new NumberForms(parsed) : null;
        foreach (var side in (string[])["from", "to"])
        {
            foreach (var form in forms?.All ?? [number])
            {
                await PagesAsync("v1/inbound", [(side, form)], row =>
                {
                    Write(to, "received", row, forms?.IsNational(row.Text(side) ?? "") == true);
                    received++;
                    return true;
                }, ct);
            }
        }

        var from = new List<JsonElement>();
        await api.ReadLinesAsync(ApiClient.Query("v1/exports/number", ("number", number)), row =>
        {
            var kind = row.Text("kind")!;
            if (kind == "message")
            {
                from.Add(row.Clone());
                return;
            }

            Write(to, kind, row);
            (rows, jobs) = kind == "row" ? (rows + 1, jobs) : (rows, jobs + 1);
        }, ct);
        foreach (var row in from)
        {
            Write(to, "message", await WholeAsync(row, ct));
            sent++;
        }

        return (sent, received, rows, jobs);
    }

    /// <summary>With its text and every event; what the list knows when the history is past its retention.</summary>
    private async Task<JsonElement> WholeAsync(JsonElement row, CancellationToken ct)
    {
        using var answer = await api.SendAsync(HttpMethod.Get, "v1/messages/" + row.Text("id"), null, null, ct);
        return answer.IsSuccess ? answer.Json.Clone() : answer.Status == System.Net.HttpStatusCode.NotFound ? row : throw answer.ToException();
    }

    private async Task PagesAsync(string path, IReadOnlyList<(string Name, string? Value)> filters, Func<JsonElement, bool> take, CancellationToken ct)
    {
        string? cursor = null;
        var goesOn = true;
        do
        {
            cursor = await PageAsync(path, filters, cursor, row => goesOn = goesOn && take(row), ct);
        }
        while (cursor is not null && goesOn);
    }

    private async Task<string?> PageAsync(string path, IReadOnlyList<(string Name, string? Value)> filters, string? cursor, Action<JsonElement> take, CancellationToken ct)
    {
        (string, object?)[] query = [.. filters.Select(filter => (filter.Name, (object?)filter.Value)), ("limit", RecordsLimits.MaxPage), ("cursor", cursor)];
        using var page = await api.GetAsync(ApiClient.Query(path, query), ct);
        foreach (var row in page.Json.List("data"))
        {
            take(row);
        }

        return page.Json.Text("next_cursor");
    }

    private static void Write(TextWriter to, string kind, JsonElement row, bool isNational = false)
    {
        var line = new JsonObject { ["kind"] = kind };
        if (isNational)
        {
            // Somebody in another country may have the same one.
            line["written"] = "national";
        }

        foreach (var member in row.EnumerateObject())
        {
            line[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        to.Write(line.ToJsonString());
        to.Write('\n');
    }
}

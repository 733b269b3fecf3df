using System.Globalization;
using System.Text;
using Strowger.Features.Campaigns;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;

namespace Strowger.Server.Http.Campaigns;

/// <summary>
/// <c>GET /v1/campaigns/{id}/results</c>: a CSV file, a row for each text in the order they were made, then a row for each row of the file
/// that was refused. Written as it is read: memory does not grow with the campaign.
/// </summary>
internal sealed class CampaignResults(HttpServices services)
{
    private const string Header = "line,id,to,status,segments,channel,reference,accepted_at,sent_at,final_at,error\r\n";

    public async Task WriteAsync(HttpContext context, long campaign)
    {
        var id = new CampaignId(campaign).ToString();
        context.Response.ContentType = "text/csv; charset=utf-8; header=present";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{id}.csv\"";
        var text = new StringBuilder(Header);
        var after = 0L;
        while (true)
        {
            var page = services.Lists.Export(id, after, HttpLimits.ResultsPage, context.RequestAborted);
            foreach (var message in page)
            {
                Add(text, message);
            }

            await FlushAsync(context, text).ConfigureAwait(false);
            if (page.Count < HttpLimits.ResultsPage)
            {
                break;
            }

            after = page[^1].Id;
        }

        foreach (var row in services.Campaigns.Refused(campaign))
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Line},,,rejected,,,,,,,");
            Quote(text, $"{row.Code}: {row.Detail}");
            text.Append("\r\n");
        }

        await FlushAsync(context, text).ConfigureAwait(false);
    }

    private static void Add(StringBuilder text, MessageRecord message)
    {
        text.Append(',').Append(new MessageId(new(message.Id)).ToString())
            .Append(',').Append(new Msisdn(message.To).ToString())
            .Append(',').Append(message.Status.ToText())
            .Append(CultureInfo.InvariantCulture, $",{message.Parts},");
        Quote(text, message.Channel);
        text.Append(',');
        Quote(text, message.Reference);
        Time(text, message.AcceptedMs);
        Time(text, message.SentMs);
        Time(text, message.FinalMs);
        text.Append(',');
        Quote(text, message.Error == 0 ? null : Reasons.Of(message.Error).Name);
        text.Append("\r\n");
    }

    private static void Time(StringBuilder text, long unixMs)
    {
        text.Append(',');
        if (unixMs > 0)
        {
            text.Append(DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>RFC 4180; and a field that a spreadsheet would take for a formula is made a text, for references come from outside.</summary>
    private static void Quote(StringBuilder text, string? field)
    {
        if (string.IsNullOrEmpty(field))
        {
            return;
        }

        var isFormula = field[0] is '=' or '+' or '-' or '@' or '\t' or '\r';
        if (!isFormula && !field.AsSpan().ContainsAny("\",\r\n;"))
        {
            text.Append(field);
            return;
        }

        text.Append('"').Append(isFormula ? "'" : string.Empty).Append(field.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private static async Task FlushAsync(HttpContext context, StringBuilder text)
    {
        foreach (var chunk in text.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, context.Response.BodyWriter);
        }

        text.Clear();
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Strowger.Records.Settings;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Alarms;

/// <summary>
/// The link in a mail: shows the alarm and a button. The link alone changes nothing, since mail servers and phones follow links ahead of
/// people; the button does. Needs no key: its signature was sent to nobody else.
/// </summary>
internal sealed class AlarmLinkEndpoint(HttpServices services)
{
    private const string Path = "/alarms/{id}/take";
    private const string By = "link in a mail";

    public IEnumerable<OpenRoute> Routes => [new("GET", Path, ShowAsync), new("POST", Path, TakeAsync)];

    private Task ShowAsync(HttpContext context) => Find(context) is { } alarm ? AnswerAsync(context, alarm) : NotFoundAsync(context);

    private Task TakeAsync(HttpContext context) => !HttpMethods.IsPost(context.Request.Method)
        ? ShowAsync(context)
        : Find(context) is { } alarm ? AnswerAsync(context, services.Alarms!.Book.Acknowledge(alarm.Id, By, null) ?? alarm) : NotFoundAsync(context);

    private AlarmRecord? Find(HttpContext context) =>
        long.TryParse((string)context.Request.RouteValues["id"]!, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && services.Alarms!.Book.Find(id) is { } alarm && services.Alarms.Settings.IsSignature(alarm, context.Request.Query["signature"])
            ? alarm
            : null;

    private static Task AnswerAsync(HttpContext context, AlarmRecord alarm)
    {
        var words = alarm.State switch
        {
            AlarmState.Raised => "Nobody has it yet.",
            AlarmState.Acknowledged => $"Taken by {alarm.AcknowledgedBy}.",
            _ => "It is over.",
        };
        var button = alarm.State == AlarmState.Raised ? "<form method=\"post\"><button>I take it</button></form>" : "";
        return WriteAsync(context, StatusCodes.Status200OK, string.Create(CultureInfo.InvariantCulture,
            $"<h1>Alarm {alarm.Id}: {Safe(alarm.Subject)}</h1><p>{Safe(alarm.Detail)}</p><p>Since {alarm.RaisedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. {Safe(words)}</p>{button}"));
    }

    private static Task NotFoundAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "<h1>There is no such alarm</h1><p>The link is not whole, or the alarm is long over.</p>");

    private static async Task WriteAsync(HttpContext context, int status, string body)
    {
        var page = Encoding.UTF8.GetBytes(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Strowger alarm</title>" + body + "</html>");
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

        // The address is the key.
        response.Headers["Referrer-Policy"] = "no-referrer";
        await response.BodyWriter.WriteAsync(page).ConfigureAwait(false);
    }

    private static string Safe(string text) => HtmlEncoder.Default.Encode(text);
}

using System.Globalization;
using System.Text.Json;
using Strowger.Features.Access;
using Strowger.Features.Notifications.Alarms;
using Strowger.Records.Settings;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Alarms;

/// <summary>Alarms: what a human must do something about, and who has it.</summary>
internal sealed class AlarmEndpoints(HttpServices services)
{
    private const string Path = "/v1/alarms";
    private const int MaxNote = 500;

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Path, Rights.AlarmsRead, ListAsync),
        new("GET", Path + "/{id}", Rights.AlarmsRead, GetAsync),
        new("POST", Path + "/{id}/acknowledge", Rights.AlarmsWrite, AcknowledgeAsync),
        new("POST", Path + "/test", Rights.AlarmsWrite, TestAsync),
    ];

    private AlarmBook Book => services.Alarms!.Book;

    private Task ListAsync(HttpContext context, Caller caller)
    {
        var query = new QueryReader(context, "limit", "cursor", "state");
        var limit = query.Limit();
        var before = query.Number("cursor", 1, long.MaxValue, long.MaxValue);
        var state = query.Text("state") ?? "all";
        if (state is not ("all" or "open"))
        {
            query.Fail("state", "allowed are open and all");
        }

        if (query.Problem is { } problem)
        {
            return ProblemAnswer.WriteAsync(context, problem);
        }

        var rows = Book.List(limit, before, state == "open");
        var next = rows.Count == limit && rows[^1].Id > 1 ? rows[^1].Id.ToString(CultureInfo.InvariantCulture) : null;
        return PageAnswer.WriteAsync(context, rows, next, Write);
    }

    private Task GetAsync(HttpContext context, Caller caller) => AnswerAsync(context, IdOf(context) is { } id ? Book.Find(id) : null);

    private async Task AcknowledgeAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "note").ConfigureAwait(false);
        var note = body.Text("note", MaxNote);
        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        await AnswerAsync(context, IdOf(context) is { } id ? Book.Acknowledge(id, caller.Name, note) : null).ConfigureAwait(false);
    }

    private Task TestAsync(HttpContext context, Caller caller) =>
        JsonAnswer.WriteAsync(context, StatusCodes.Status202Accepted, Book.RaiseTest(caller.Name), Write);

    private void Write(Utf8JsonWriter writer, AlarmRecord alarm)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id"u8, alarm.Id);
        writer.WriteString("rule"u8, alarm.Rule);
        writer.WriteString("subject"u8, alarm.Subject);
        writer.WriteString("state"u8, AlarmTable.Word(alarm.State));
        writer.WriteString("detail"u8, alarm.Detail);
        writer.WriteTime("raised_at"u8, alarm.RaisedAt);
        writer.WriteTime("acknowledged_at"u8, alarm.AcknowledgedAt);
        writer.WriteString("acknowledged_by"u8, alarm.AcknowledgedBy);
        writer.WriteString("note"u8, alarm.Note);
        writer.WriteTime("cleared_at"u8, alarm.ClearedAt);
        writer.WriteNumber("times"u8, alarm.Times);
        writer.WriteNumber("notices"u8, alarm.Notices);
        writer.WriteBoolean("muted"u8, services.Alarms!.Settings.IsMuted(alarm));
        writer.WriteEndObject();
    }

    private Task AnswerAsync(HttpContext context, AlarmRecord? alarm) => alarm is null
        ? ProblemAnswer.WriteAsync(context, "not_found", "There is no such alarm. /v1/alarms lists them.")
        : JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, alarm, Write);

    private static long? IdOf(HttpContext context) =>
        long.TryParse((string)context.Request.RouteValues["id"]!, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}

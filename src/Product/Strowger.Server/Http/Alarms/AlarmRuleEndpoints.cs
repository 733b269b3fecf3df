using System.Text.Json;
using Strowger.Features.Access;
using Strowger.Features.Notifications.Alarms;
using Strowger.Server.Configuration;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Alarms;

/// <summary>When something is an alarm, and when nobody is told.</summary>
internal sealed class AlarmRuleEndpoints(HttpServices services)
{
    private const string RulesPath = "/v1/alarms/rules";
    private const string MutesPath = "/v1/alarms/mutes";
    private const int MaxReason = 200;
    private static readonly TimeSpan _maxMute = TimeSpan.FromDays(31);

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", RulesPath, Rights.AlarmsRead, ListRulesAsync),
        new("PATCH", RulesPath + "/{name}", Rights.AlarmsWrite, ChangeRuleAsync),
        new("GET", MutesPath, Rights.AlarmsRead, ListMutesAsync),
        new("POST", MutesPath, Rights.AlarmsWrite, MuteAsync),
        new("DELETE", MutesPath + "/{id}", Rights.AlarmsWrite, UnmuteAsync),
    ];

    private AlarmSettings Settings => services.Alarms!.Settings;

    private Task ListRulesAsync(HttpContext context, Caller caller) => PageAnswer.WriteAsync(context, AlarmRules.All, null, Write);

    private async Task ChangeRuleAsync(HttpContext context, Caller caller)
    {
        if (AlarmRules.Find((string)context.Request.RouteValues["name"]!) is not { } info)
        {
            await ProblemAnswer.WriteAsync(context, "not_found", $"There is no such rule; there are {string.Join(", ", AlarmRules.All.Select(rule => rule.Name))}.").ConfigureAwait(false);
            return;
        }

        var body = await RequestObject.ReadAsync(context, "enabled", "after", "limit").ConfigureAwait(false);
        var enabled = body.Flag("enabled");
        var after = After(body);
        var limit = body.Number("limit", info.From, info.To);
        if (limit is not null && info.Unit is null)
        {
            body.Fail("invalid_value", "limit", "this rule has none");
        }

        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        var old = Settings.Rule(info.Name);
        Settings.Change(old with { Enabled = enabled ?? old.Enabled, After = after ?? old.After, Limit = limit ?? old.Limit }, caller.Name);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, info, Write).ConfigureAwait(false);
    }

    private Task ListMutesAsync(HttpContext context, Caller caller) => PageAnswer.WriteAsync(context, Settings.Mutes, null, WriteMute);

    private async Task MuteAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context, "until", "rule", "subject", "reason").ConfigureAwait(false);
        var until = body.Time("until");
        var rule = body.Text("rule", 64);
        var subject = body.Text("subject", 200);
        var reason = body.Text("reason", MaxReason) ?? string.Empty;
        var now = services.Time.GetUtcNow();
        if (until is null)
        {
            body.Fail("missing_field", "until", "it is missing; allowed is ISO 8601 with a zone, such as 2026-05-17T14:03:21Z");
        }
        else if (until <= now || until > now + _maxMute)
        {
            body.Fail("out_of_range", "until", "allowed is a time in the next 31 days");
        }

        if (rule is not null && AlarmRules.Find(rule) is null)
        {
            body.Fail("invalid_value", "rule", $"there is no such rule; there are {string.Join(", ", AlarmRules.All.Select(r => r.Name))}");
        }

        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
        }
        else if (Settings.Mute(until!.Value, rule, subject, reason, caller.Name) is { } mute)
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status201Created, mute, WriteMute).ConfigureAwait(false);
        }
        else
        {
            await ProblemAnswer.WriteAsync(context, "name_taken", $"There are {AlarmSettings.MaxMutes} mutes already. Remove one first.").ConfigureAwait(false);
        }
    }

    private Task UnmuteAsync(HttpContext context, Caller caller) => Settings.Unmute((string)context.Request.RouteValues["id"]!, caller.Name)
        ? JsonAnswer.NoContentAsync(context)
        : ProblemAnswer.WriteAsync(context, "not_found", "There is no such mute. /v1/alarms/mutes lists them.");

    private static TimeSpan? After(RequestObject body)
    {
        if (body.Text("after", 20, DurationText.Form) is not { } text)
        {
            return null;
        }

        if (!DurationText.TryParse(text, out var after) || after < TimeSpan.Zero || after > AlarmRules.MaxAfter)
        {
            body.Fail("invalid_value", "after", $"allowed is {DurationText.Form}, at most 24h");
        }

        return after;
    }

    private void Write(Utf8JsonWriter writer, RuleInfo info)
    {
        var rule = Settings.Rule(info.Name);
        writer.WriteStartObject();
        writer.WriteString("name"u8, info.Name);
        writer.WriteString("description"u8, info.Words);
        writer.WriteBoolean("enabled"u8, rule.Enabled);
        writer.WriteString("after"u8, DurationText.ToText(rule.After));
        writer.WriteNumberOrNull("limit"u8, info.Unit is null ? null : rule.Limit);
        writer.WriteString("unit"u8, info.Unit);
        writer.WriteEndObject();
    }

    private static void WriteMute(Utf8JsonWriter writer, AlarmMute mute)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, mute.Id);
        writer.WriteTime("until"u8, mute.Until);
        writer.WriteString("rule"u8, mute.Rule);
        writer.WriteString("subject"u8, mute.Subject);
        writer.WriteString("reason"u8, mute.Reason);
        writer.WriteString("who"u8, mute.Who);
        writer.WriteEndObject();
    }
}

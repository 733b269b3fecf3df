using System.CommandLine;
using System.Text.Json;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger messages</c>: lists, shows, cancels and resends texts.</summary>
internal static class MessagesVerb
{
    public static Command Create(CliContext context) => new("messages", "Lists texts, newest first; shows where one is")
    {
        List(context),
        Show(context),
        Act(context, "cancel", "Cancels a text that has not left yet", HttpMethod.Delete, "", "cancelled"),
        Act(context, "resend", "Sends a text once more", HttpMethod.Post, "/resend", "queued again"),
    };

    private static Command List(CliContext context)
    {
        var status = new Option<string?>("--status") { Description = "Only with this status", HelpName = "STATUS" }
            .AcceptOnlyFromAmong([.. Records.Messages.MessageStatusText.All]);
        var channel = Filter("--channel", "NAME");
        var to = Filter("--to", "NUMBER");
        var reference = Filter("--reference", "TEXT");
        var campaign = Filter("--campaign", "NAME");
        var limit = new Option<int>("--limit") { Description = "Rows, 1 to 1000", DefaultValueFactory = _ => Records.RecordsLimits.DefaultPage };
        var cursor = new Option<string?>("--cursor") { Description = "Goes on after an earlier page", HelpName = "CURSOR" };
        var command = new Command("list", "Lists texts, newest first") { status, channel, to, reference, campaign, limit, cursor };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            using var page = await api.GetAsync(
                ApiClient.Query(
                    "v1/messages",
                    ("status", parsed.GetValue(status)), ("channel", parsed.GetValue(channel)), ("to", parsed.GetValue(to)),
                    ("reference", parsed.GetValue(reference)), ("campaign", parsed.GetValue(campaign)),
                    ("limit", parsed.GetValue(limit)), ("cursor", parsed.GetValue(cursor))),
                ct);
            Answer.Write(context, parsed, page, json => Answer.WritePage(context, json, "id", "to", "from", "status", "channel", "reference", "updated_at"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show(CliContext context)
    {
        var id = Id();
        var command = new Command("show", "Shows one text with everything that happened to it") { id };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            using var message = await api.GetAsync($"v1/messages/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", ct);
            Answer.Write(context, parsed, message, json => Describe(context, json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Act(CliContext context, string name, string description, HttpMethod method, string path, string done)
    {
        var id = Id();
        var command = new Command(name, description) { id };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var which = parsed.GetRequiredValue(id);
            using var answer = await api.CallAsync(method, $"v1/messages/{Uri.EscapeDataString(which)}{path}", null, ct);
            Answer.Write(context, parsed, answer, _ => context.Error.WriteLine($"{which} is {done}."));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Describe(CliContext context, JsonElement message)
    {
        foreach (var member in message.EnumerateObject())
        {
            if (member.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Null))
            {
                context.Out.WriteLine($"{member.Name,-14} {member.Value.Shown()}");
            }
        }

        context.Out.WriteLine();
        var timeline = new TextTable("TIME", "EVENT", "");
        foreach (var step in message.List("timeline"))
        {
            var rest = step.EnumerateObject().Where(member => member.Name is not ("time" or "type") && member.Value.ValueKind != JsonValueKind.Null);
            timeline.Add(step.Text("time"), step.Text("type"), string.Join(", ", rest.Select(member => $"{member.Name} {member.Value.Shown()}")));
        }

        timeline.WriteTo(context.Out);
    }

    private static Argument<string> Id() => new("ID") { Description = "As it was given when the text was accepted, such as msg_…" };

    private static Option<string?> Filter(string name, string help) => new(name) { Description = "Only with this " + name[2..], HelpName = help };
}

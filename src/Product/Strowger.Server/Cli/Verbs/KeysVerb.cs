using System.CommandLine;
using System.Globalization;
using Strowger.Features.Access;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger keys</c>.</summary>
internal static class KeysVerb
{
    public static Command Create(CliContext context) => new("keys", "Makes, lists and removes API keys")
    {
        List(context),
        New(context),
        Remove(context),
        RotateSecret(context),
    };

    private static Command List(CliContext context)
    {
        var command = new Command("list", "Lists keys; secrets are not kept and cannot be shown");
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            using var page = await api.GetAsync("v1/keys", ct);
            Answer.Write(context, parsed, page, json => Answer.WritePage(context, json, "name", "prefix", "rights", "rate", "expires_at", "last_used_at"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command New(CliContext context)
    {
        var name = new Argument<string>("NAME") { Description = "What it is for" };
        var right = new Option<string[]>("--right") { Description = "What it may do; may be given again. Default all", HelpName = "RIGHT" }
            .AcceptOnlyFromAmong([.. Rights.Known]);
        var rate = new Option<double?>("--rate") { Description = "Requests a second at most", HelpName = "N" };
        var expires = DurationOption.Create("--expires", "Ends after this, such as 90d. Default never");
        var command = new Command("create", "Makes a key and prints its secret, once") { name, right, rate, expires };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var until = context.Time.GetUtcNow() + parsed.GetValue(expires);
            var body = JsonBody.Of(
                ("name", parsed.GetRequiredValue(name)), ("rights", JsonBody.Texts(parsed.GetValue(right))),
                ("rate", parsed.GetValue(rate)), ("expires_at", until?.ToString("O", CultureInfo.InvariantCulture)));
            using var answer = await api.CallAsync(HttpMethod.Post, "v1/keys", body, ct);
            Answer.Write(context, parsed, answer, json =>
            {
                context.Out.WriteLine(json.Text("secret"));
                context.Error.WriteLine("Keep it now: it is shown this once. Use it as 'Authorization: Bearer KEY'.");
                context.Error.WriteLine($"Posts to the callback_url of its texts are signed with {json.Text("signing_secret")}");
            });
            return ExitCode.Done;
        });
        return command;
    }

    private static Command RotateSecret(CliContext context)
    {
        var name = new Argument<string>("NAME") { Description = "The key" };
        var command = new Command("rotate-secret", "Prints a new secret for signing posts to the callback_url of a key's texts, once; the old one signs beside it for a day") { name };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            using var answer = await api.CallAsync(HttpMethod.Post, $"v1/keys/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}/rotate-secret", null, ct);
            Answer.Write(context, parsed, answer, json =>
            {
                context.Out.WriteLine(json.Text("signing_secret"));
                context.Error.WriteLine("Keep it now: it is shown this once. What signed before signs beside it for a day.");
            });
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove(CliContext context)
    {
        var name = new Argument<string>("NAME") { Description = "The key" };
        var command = new Command("remove", "Removes a key; whoever uses it is refused from now on") { name };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var which = parsed.GetRequiredValue(name);
            using var answer = await api.CallAsync(HttpMethod.Delete, $"v1/keys/{Uri.EscapeDataString(which)}", null, ct);
            Answer.Write(context, parsed, answer, _ => context.Error.WriteLine($"Key {which} is removed."));
            return ExitCode.Done;
        });
        return command;
    }
}

using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger channels</c>.</summary>
internal static class ChannelsVerb
{
    public static Command Create(CliContext context) => new("channels", "Lists, adds, changes, tests and removes channels while the server runs")
    {
        List(context),
        Add(context),
        Change(context),
        Test(context),
        Remove(context),
    };

    private static Command List(CliContext context)
    {
        var command = new Command("list", "Lists channels: state, binds, how much of their rate is used, when they are done");
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            using var page = await api.GetAsync("v1/channels", ct);
            Answer.Write(context, parsed, page, json =>
                Answer.WritePage(context, json, "name", "kind", "state", "binds", "width", "in_flight", "rate", "rate_effective", "rate_used", "backlog", "drain_eta"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Add(CliContext context)
    {
        var name = new Argument<string?>("NAME") { Description = "Of your choice", Arity = ArgumentArity.ZeroOrOne };
        var kind = new Option<string>("--kind") { Description = "What stands behind it", DefaultValueFactory = _ => "smpp" }.AcceptOnlyFromAmong("smpp", "discard");
        var noTest = new Option<bool>("--no-test") { Description = "Does not bind at once" };
        var options = new ChannelOptions();
        var command = new Command("add", "Adds a channel, binds and says in words why a bind failed; asks for what is missing") { name, kind, noTest };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var body = options.Read(parsed, context);
            ChannelOptions.Put(body, "name", parsed.GetValue(name));
            ChannelOptions.Put(body, "kind", parsed.GetRequiredValue(kind));
            new ChannelQuestions(context).Complete(body);
            using var answer = await api.CallAsync(HttpMethod.Post, "v1/channels", body.ToJsonString(), ct);
            var added = body["name"]!.GetValue<string>();
            context.Error.WriteLine($"Channel {added} is added.");
            if (parsed.GetValue(noTest))
            {
                Answer.Write(context, parsed, answer, _ => { });
                return ExitCode.Done;
            }

            return await TestAsync(context, parsed, api, added, null, ct);
        });
        return command;
    }

    private static Command Change(CliContext context)
    {
        var name = Name();
        var options = new ChannelOptions();
        var command = new Command("change", "Changes a channel while it runs; wins over the configuration file from then on") { name };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var which = parsed.GetRequiredValue(name);
            var body = options.Read(parsed, context);
            if (body.Count == 0)
            {
                throw new CliException("Nothing to change: give at least one option, such as --rate.", isUsage: true);
            }

            using var answer = await api.CallAsync(HttpMethod.Patch, Path(which), body.ToJsonString(), ct);
            Answer.Write(context, parsed, answer, _ => context.Error.WriteLine($"Channel {which} is changed. See 'strowger channels list'."));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Test(CliContext context)
    {
        var name = Name();
        var to = new Option<string?>("--to") { Description = "Also sends a test text to this number", HelpName = "NUMBER" };
        var command = new Command("test", "Binds and says in words what works and what does not") { name, to };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            return await TestAsync(context, parsed, api, parsed.GetRequiredValue(name), parsed.GetValue(to), ct);
        });
        return command;
    }

    private static Command Remove(CliContext context)
    {
        var name = Name();
        var command = new Command("remove", "Removes a channel; what waits goes over the other channels of its route") { name };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var which = parsed.GetRequiredValue(name);
            using var answer = await api.CallAsync(HttpMethod.Delete, Path(which), null, ct);
            Answer.Write(context, parsed, answer, _ => context.Error.WriteLine($"Channel {which} is removed."));
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<int> TestAsync(CliContext context, ParseResult parsed, ApiClient api, string name, string? to, CancellationToken ct)
    {
        using var answer = await api.CallAsync(HttpMethod.Post, Path(name) + "/test", JsonBody.Of(("to", to)), ct);
        Answer.Write(context, parsed, answer, json => Describe(context, json));
        return answer.Json.Text("ok") == "yes" ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Describe(CliContext context, JsonElement test)
    {
        foreach (var step in test.List("steps"))
        {
            context.Out.WriteLine($"{(step.Text("ok") == "yes" ? "ok   " : "WRONG")} {step.Text("name")}: {step.Text("detail")}");
        }

        context.Error.WriteLine(test.Text("detail") ?? (test.Text("ok") == "yes" ? "The channel works." : "The channel does not work."));
    }

    private static string Path(string name) => $"v1/channels/{Uri.EscapeDataString(name)}";

    private static Argument<string> Name() => new("NAME") { Description = "The channel" };
}

using System.CommandLine;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger smpp-clients</c>.</summary>
internal static class SmppClientsVerb
{
    public static Command Create(CliContext context) => new("smpp-clients", "Lists, adds, changes and removes those who may bind to the SMPP door, while it runs")
    {
        List(context),
        Add(context),
        Change(context),
        Remove(context),
    };

    private static Command List(CliContext context)
    {
        var command = new Command("list", "Lists clients: binds, how much of their rate is used, what was refused, what waits for them");
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            using var page = await api.GetAsync("v1/smpp/clients", ct);
            Answer.Write(context, parsed, page, json =>
                Answer.WritePage(context, json, "system_id", "binds", "max_binds", "rate", "rate_used", "accepted_total", "refused_total", "waiting", "last_refusal"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Add(CliContext context)
    {
        var options = new SmppClientOptions();
        var command = new Command("add", "Adds a client; it may bind at once") { SystemId() };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var which = parsed.GetRequiredValue<string>("SYSTEM_ID");
            var body = options.Read(parsed, context);
            if (!body.ContainsKey("password"))
            {
                throw new CliException("A client needs a password: --password-file FILE, or --password-file - to read it from standard input.", isUsage: true);
            }

            ChannelOptions.Put(body, "system_id", which);
            using var answer = await api.CallAsync(HttpMethod.Post, "v1/smpp/clients", body.ToJsonString(), ct);
            Answer.Write(context, parsed, answer, _ => context.Error.WriteLine($"Client {which} may bind now."));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Change(CliContext context)
    {
        var options = new SmppClientOptions();
        var command = new Command("change", "Changes a client while it is bound; wins over the configuration file from then on. With another password its binds are ended") { SystemId() };
        options.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var which = parsed.GetRequiredValue<string>("SYSTEM_ID");
            var body = options.Read(parsed, context);
            if (body.Count == 0)
            {
                throw new CliException("Nothing to change: give at least one option, such as --rate.", isUsage: true);
            }

            using var answer = await api.CallAsync(HttpMethod.Patch, Path(which), body.ToJsonString(), ct);
            Answer.Write(context, parsed, answer, _ => context.Error.WriteLine($"Client {which} is changed. See 'strowger smpp-clients list'."));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Remove(CliContext context)
    {
        var command = new Command("remove", "Removes a client and ends its binds; texts it has handed in go on") { SystemId() };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var which = parsed.GetRequiredValue<string>("SYSTEM_ID");
            using var answer = await api.CallAsync(HttpMethod.Delete, Path(which), null, ct);
            Answer.Write(context, parsed, answer, _ => context.Error.WriteLine($"Client {which} is removed."));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Path(string systemId) => $"v1/smpp/clients/{Uri.EscapeDataString(systemId)}";

    private static Argument<string> SystemId() => new("SYSTEM_ID") { Description = "The name it binds with" };
}

using System.CommandLine;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger queues</c>.</summary>
internal static class QueuesVerb
{
    public static Command Create(CliContext context) => new("queues", "Lists queues and changes their width and rate while they run")
    {
        List(context),
        Change(context),
    };

    private static Command List(CliContext context)
    {
        var command = new Command("list", "Lists queues: what waits, how fast it leaves, when it will be empty");
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            using var page = await api.GetAsync("v1/queues", ct);
            Answer.Write(context, parsed, page, json => Answer.WritePage(context, json, "name", "state", "waiting", "scheduled", "leased", "bound", "rate", "width", "oldest_age", "drain_eta"));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Change(CliContext context)
    {
        var name = new Argument<string>("NAME") { Description = "The queue" };
        var width = new Option<int?>("--width") { Description = "How many at once", HelpName = "N" };
        var rate = new Option<double?>("--rate") { Description = "How many a second; 0 is unlimited", HelpName = "N" };
        var bound = new Option<long?>("--bound") { Description = "How many it takes before it refuses", HelpName = "N" };
        var flowWidth = new Option<int?>("--flow-width") { Description = "How many of one flow at once; 0 is no limit", HelpName = "N" };
        var attempts = new Option<int?>("--max-attempts") { Description = "How often a job is tried that says nothing else", HelpName = "N" };
        var pause = new Option<bool>("--pause") { Description = "Holds everything that waits" };
        var resume = new Option<bool>("--resume") { Description = "Lets it go on" };
        var command = new Command("change", "Changes a queue while it runs") { name, width, rate, flowWidth, attempts, bound, pause, resume };
        command.Validators.Add(result =>
        {
            if (result.GetValue(pause) && result.GetValue(resume))
            {
                result.AddError("--pause and --resume do not go together.");
            }
        });
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var which = parsed.GetRequiredValue(name);
            bool? paused = parsed.GetValue(pause) ? true : parsed.GetValue(resume) ? false : null;
            var body = JsonBody.Of(
                ("width", parsed.GetValue(width)), ("rate", parsed.GetValue(rate)), ("flow_width", parsed.GetValue(flowWidth)),
                ("max_attempts", parsed.GetValue(attempts)), ("bound", parsed.GetValue(bound)), ("paused", paused));
            if (body == "{}")
            {
                throw new CliException("Nothing to change: give --width, --rate, --flow-width, --max-attempts, --bound, --pause or --resume.", isUsage: true);
            }

            using var answer = await api.CallAsync(HttpMethod.Patch, $"v1/queues/{Uri.EscapeDataString(which)}", body, ct);
            Answer.Write(context, parsed, answer, _ => context.Error.WriteLine($"Queue {which} is changed. See 'strowger queues list'."));
            return ExitCode.Done;
        });
        return command;
    }
}

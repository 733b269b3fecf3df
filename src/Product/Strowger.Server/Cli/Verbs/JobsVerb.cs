using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.Features.Jobs;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger jobs</c>: what of each queue of jobs is in which state; one job; put one in, take one back.</summary>
internal static class JobsVerb
{
    public static Command Create(CliContext context) => new("jobs", "Counts jobs by queue and state; shows where one is")
    {
        List(context),
        Show(context),
        Dead(context),
        Put(context),
        Cancel(context),
        Requeue(context),
    };

    private static Command List(CliContext context)
    {
        var queue = new Argument<string?>("QUEUE") { Description = "Only this one", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "Counts the jobs of queues by state") { queue };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var name = parsed.GetValue(queue);
            using var answer = await api.GetAsync(name is null ? "v1/queues?limit=1000" : $"v1/queues/{Uri.EscapeDataString(name)}", ct);
            Answer.Write(context, parsed, answer, json => WriteCounts(context, name is null ? json.List("data").Where(IsOfJobs) : [json]));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show(CliContext context)
    {
        var id = Id();
        var command = new Command("show", "Shows one job: its state, why it does not run, progress, result") { id };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            using var job = await api.GetAsync($"v1/jobs/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", ct);
            Answer.Write(context, parsed, job, json => Describe(context, json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Dead(CliContext context)
    {
        var queue = new Argument<string>("QUEUE") { Description = "Whose jobs" };
        var limit = new Option<int>("--limit") { Description = "Rows, 1 to 1000", DefaultValueFactory = _ => Records.RecordsLimits.DefaultPage };
        var cursor = new Option<string?>("--cursor") { Description = "Goes on after an earlier page", HelpName = "CURSOR" };
        var command = new Command("dead", "Lists the jobs of a queue that were given up, newest first, and why") { queue, limit, cursor };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var path = $"v1/queues/{Uri.EscapeDataString(parsed.GetRequiredValue(queue))}/jobs?state=dead&limit={parsed.GetValue(limit)}";
            var after = parsed.GetValue(cursor) is { } given ? "&cursor=" + Uri.EscapeDataString(given) : string.Empty;
            using var page = await api.GetAsync(path + after, ct);
            Answer.Write(context, parsed, page, json => WriteDead(context, json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Put(CliContext context)
    {
        var queue = new Argument<string>("QUEUE") { Description = "Where to; made with its first job" };
        var body = new Argument<string>("BODY") { Description = "JSON, such as '{\"month\": 5}'" };
        var flow = new Option<string?>("--flow") { Description = "Jobs of a flow go in order, flows take turns", HelpName = "NAME" };
        var priority = new Option<string?>("--priority") { Description = "urgent, normal or bulk", HelpName = "PRIORITY" }.AcceptOnlyFromAmong("urgent", "normal", "bulk");
        var delay = DurationOption.Create("--delay", "Not before this has passed, such as 5m");
        var attempts = new Option<int?>("--max-attempts") { Description = "Given up after so many", HelpName = "N" };
        var command = new Command("put", "Puts a job into a queue and prints its id") { queue, body, flow, priority, delay, attempts };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var job = new JsonObject { ["body"] = Parse(parsed.GetRequiredValue(body)) };
            Add(job, "flow", parsed.GetValue(flow));
            Add(job, "priority", parsed.GetValue(priority));
            Add(job, "delay_ms", parsed.GetValue(delay) is { } wait ? (long)wait.TotalMilliseconds : null);
            Add(job, "max_attempts", parsed.GetValue(attempts));
            using var answer = await api.CallAsync(HttpMethod.Post, $"v1/queues/{Uri.EscapeDataString(parsed.GetRequiredValue(queue))}/jobs", job.ToJsonString(), ct);
            Answer.Write(context, parsed, answer, json => context.Out.WriteLine(json.Text("id")));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Cancel(CliContext context)
    {
        var id = Id();
        var command = new Command("cancel", "Takes back a job that waits") { id };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var which = parsed.GetRequiredValue(id);
            using var answer = await api.CallAsync(HttpMethod.Delete, $"v1/jobs/{Uri.EscapeDataString(which)}", null, ct);
            Answer.Write(context, parsed, answer, _ => context.Error.WriteLine($"{which} is cancelled."));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Requeue(CliContext context)
    {
        var ids = new Argument<string[]>("ID") { Description = "Jobs that were given up", Arity = ArgumentArity.ZeroOrMore };
        var queue = new Option<string?>("--queue") { Description = "All that this queue has given up, the oldest first", HelpName = "QUEUE" };
        var reason = new Option<string?>("--reason") { Description = "Of those with this reason, such as failed, given_up, lease_ended", HelpName = "CODE" };
        var error = new Option<string?>("--error") { Description = "Of those with these words in the error", HelpName = "TEXT" };
        var most = new Option<int>("--max") { Description = $"At most so many, 1 to {JobLimits.MaxRequeue}", DefaultValueFactory = _ => JobLimits.MaxRequeue, HelpName = "N" };
        var command = new Command("requeue", "Puts jobs that were given up back, each as a new job; prints the new ids") { ids, queue, reason, error, most };
        command.Validators.Add(result =>
        {
            if (result.GetValue(ids) is { Length: > 0 } == result.GetValue(queue) is not null)
            {
                result.AddError("Name the jobs, or a queue with --queue.");
            }
        });
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            if (parsed.GetValue(queue) is { } name)
            {
                var body = JsonBody.Of(("max", parsed.GetValue(most)), ("reason", parsed.GetValue(reason)), ("error", parsed.GetValue(error)));
                using var answer = await api.CallAsync(HttpMethod.Post, $"v1/queues/{Uri.EscapeDataString(name)}/requeue", body, ct);
                Answer.Write(context, parsed, answer, json => WriteRequeued(context, json));
                return ExitCode.Done;
            }

            foreach (var id in parsed.GetValue(ids) ?? [])
            {
                using var answer = await api.CallAsync(HttpMethod.Post, $"v1/jobs/{Uri.EscapeDataString(id)}/requeue", null, ct);
                Answer.Write(context, parsed, answer, json => context.Out.WriteLine(json.Text("id")));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void WriteRequeued(CliContext context, JsonElement answer)
    {
        foreach (var job in answer.List("jobs"))
        {
            context.Out.WriteLine(job.Text("id"));
        }

        var left = answer.Integer("left");
        context.Error.WriteLine($"{answer.Text("requeued")} put back{(left > 0 ? $"; {left} are still given up" : "")}.");
    }

    /// <summary>Queues of texts are drained by channels, and have no workers.</summary>
    private static bool IsOfJobs(JsonElement queue) => queue.TryGetProperty("workers_waiting", out _);

    private static void WriteCounts(CliContext context, IEnumerable<JsonElement> queues)
    {
        var table = new TextTable("QUEUE", "STATE", "READY", "SCHEDULED", "LEASED", "DONE", "DEAD", "WORKERS WAITING");
        foreach (var queue in queues)
        {
            table.Add(
                queue.Text("name"), queue.Text("state"), queue.Text("waiting"), queue.Text("scheduled"), queue.Text("leased"),
                queue.Text("done_total"), queue.Text("dead_total"), queue.Text("workers_waiting"));
        }

        table.WriteTo(context.Out);
    }

    private static void WriteDead(CliContext context, JsonElement page)
    {
        var table = new TextTable("ID", "DIED", "ATTEMPTS", "WHY");
        foreach (var job in page.List("data"))
        {
            var error = job.GetProperty("error");
            table.Add(job.Text("id"), job.Text("finished_at"), job.Text("attempts"), $"{error.Text("code")}: {error.Text("detail")}");
        }

        table.WriteTo(context.Out);
        if (page.Text("next_cursor") is { } cursor)
        {
            context.Error.WriteLine($"There are more: --cursor {cursor}");
        }
    }

    private static void Describe(CliContext context, JsonElement job)
    {
        foreach (var member in job.EnumerateObject())
        {
            var shown = member.Name switch
            {
                "waits_for" or "error" => member.Value.ValueKind == JsonValueKind.Null ? null : $"{member.Value.Text("code")}: {member.Value.Text("detail")}",
                "body" or "result" or "progress" => member.Value.ValueKind == JsonValueKind.Null ? null : member.Value.GetRawText(),
                "headers" => member.Value.GetPropertyCount() == 0 ? null : member.Value.GetRawText(),
                _ => member.Value.Shown(),
            };
            if (shown is not null)
            {
                context.Out.WriteLine($"{member.Name,-14} {TextTable.Clean(shown)}");
            }
        }
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new CliException($"BODY is no JSON: {text}. A text is given as '\"text\"'.", isUsage: true);
        }
    }

    private static void Add(JsonObject job, string name, JsonNode? value)
    {
        if (value is not null)
        {
            job[name] = value;
        }
    }

    private static Argument<string> Id() => new("ID") { Description = "As it was given when the job was accepted, such as job_…" };
}

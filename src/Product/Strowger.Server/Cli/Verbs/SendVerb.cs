using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Strowger.Server.Cli.Sending;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger send</c>: one text, or one for each row of a file.</summary>
internal static class SendVerb
{
    private const int ShownRejections = 20;

    public static Command Create(CliContext context)
    {
        var to = new Argument<string?>("TO") { Description = "The number, E.164, such as 46701234567", Arity = ArgumentArity.ZeroOrOne };
        var message = new Argument<string?>("TEXT") { Description = "The text", Arity = ArgumentArity.ZeroOrOne };
        var csv = new Option<string?>("--csv") { Description = "Sends a text for each row of this file", HelpName = "FILE" };
        var text = new Option<string?>("--text") { Description = "With --csv: the text, such as \"Hello {name}\"", HelpName = "TEXT" };
        var column = new Option<string>("--to-column") { Description = "With --csv: the column of numbers", HelpName = "NAME", DefaultValueFactory = _ => "to" };
        var wait = new Option<bool>("--wait") { Description = "Waits until it has left" };
        var common = new SendCommonOptions();
        var command = new Command("send", "Sends one text, or one for each row of a file") { to, message, csv, text, column, wait };
        common.AddTo(command);
        command.Validators.Add(result =>
        {
            var isFile = result.GetValue(csv) is not null;
            if (isFile ? result.GetValue(text) is null || result.GetValue(to) is not null : result.GetValue(to) is null || result.GetValue(message) is null)
            {
                result.AddError("Either: strowger send 46701234567 \"Hello\"   or: strowger send --csv subscribers.csv --text \"Hello {name}\"");
            }
        });
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var options = common.Read(parsed);
            return parsed.GetValue(csv) is { } file
                ? await FileAsync(context, parsed, api, Path.GetFullPath(file, context.WorkingDirectory), parsed.GetRequiredValue(column), parsed.GetRequiredValue(text)!, parsed.GetValue(wait), options, ct)
                : await OneAsync(context, parsed, api, SendJson.One(parsed.GetRequiredValue(to)!, parsed.GetRequiredValue(message)!, options), parsed.GetValue(wait), ct);
        });
        return command;
    }

    private static async Task<int> OneAsync(CliContext context, ParseResult parsed, ApiClient api, string body, bool wait, CancellationToken ct)
    {
        using var accepted = await api.CallAsync(HttpMethod.Post, "v1/messages", body, ct);
        var id = accepted.Json.Text("id");
        if (!wait || id is null)
        {
            Answer.Write(context, parsed, accepted, json =>
            {
                context.Out.WriteLine(id);
                context.Error.WriteLine($"{json.Text("segments")} part(s) over {json.Text("channel")}, leaves at {json.Text("eta")}. Follow it: strowger messages show {id}");
            });
            return ExitCode.Done;
        }

        using var last = await new DeliveryWait(api, context.Time).ForOneAsync(id, ct);
        Answer.Write(context, parsed, last, json => context.Out.WriteLine($"{id} {json.Text("status")}"));
        return last.Json.Text("status") is "sent" or "delivered" ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<int> FileAsync(
        CliContext context, ParseResult parsed, ApiClient api, string file, string column, string text, bool wait, SendOptions options, CancellationToken ct)
    {
        var start = context.Time.GetTimestamp();
        var sendId = $"csv-{context.Time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        var named = options with { Campaign = options.Campaign ?? sendId, Priority = options.Priority ?? "bulk" };
        var report = new SendReport(named.Campaign);
        try
        {
            await ProgressView.RunAsync(context, "handing over", progress =>
                new CsvSend(api, context.Time, named, sendId).RunAsync(file, column, text, progress, report, ct));
        }
        catch (ApiException) when (report.Accepted > 0)
        {
            context.Error.WriteLine($"Stopped. {report.InWords(context.Time.GetElapsedTime(start))}. These will be sent.");
            throw;
        }

        Tell(context, parsed, report, context.Time.GetElapsedTime(start));
        if (wait)
        {
            await ProgressView.RunAsync(context, "sending", progress =>
                new DeliveryWait(api, context.Time).ForCampaignAsync(report.Campaign, report.Accepted, progress, ct));
        }

        return report.RejectedCount == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Tell(CliContext context, ParseResult parsed, SendReport report, TimeSpan elapsed)
    {
        foreach (var row in report.Rejected.Take(ShownRejections))
        {
            context.Error.WriteLine($"line {row.Line}: {row.Detail} ({row.Code})");
        }

        if (report.RejectedCount > ShownRejections)
        {
            context.Error.WriteLine($"... and {report.RejectedCount - ShownRejections} more; --json names {SendReport.MaxRejected} of them");
        }

        context.Error.WriteLine(report.InWords(elapsed));
        if (parsed.GetValue(GlobalOptions.Json))
        {
            context.Out.WriteLine(report.ToJson(elapsed).ToJsonString());
        }
    }
}

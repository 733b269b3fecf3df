using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.Server.Http.Campaigns;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger campaigns</c>: a text for each row of a file, followed, held, let go and ended.</summary>
internal static class CampaignsVerb
{
    private const int ShownRejections = 20;
    private const string NoLimit = "none";

    public static Command Create(CliContext context) => new("campaigns", "A text for each row of a file of any size: made, followed, held, ended")
    {
        List(context),
        Show(context),
        Make(context),
        Turn(context, "pause", "Holds a campaign: nothing of it leaves until it is resumed", "is held"),
        Turn(context, "resume", "Lets a held campaign go on", "goes on"),
        Turn(context, "cancel", "Ends a campaign for good; what has left has left", "is ended"),
        Rate(context),
        Results(context),
    };

    private static Command List(CliContext context)
    {
        var limit = new Option<int>("--limit") { Description = "Rows, 1 to 1000", DefaultValueFactory = _ => Records.RecordsLimits.DefaultPage };
        var cursor = new Option<string?>("--cursor") { Description = "Goes on after an earlier page", HelpName = "CURSOR" };
        var command = new Command("list", "Lists campaigns, newest first: how far they are and when they are done") { limit, cursor };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            using var page = await api.GetAsync(ApiClient.Query("v1/campaigns", ("limit", parsed.GetValue(limit)), ("cursor", parsed.GetValue(cursor))), ct);
            Answer.Write(context, parsed, page, json =>
            {
                var table = new TextTable("ID", "NAME", "STATE", "ROWS", "GONE", "%", "ETA");
                foreach (var row in json.List("data"))
                {
                    var progress = row.GetProperty("progress");
                    table.Add(row.Text("id"), row.Text("name"), row.Text("state"), row.Text("rows"), progress.Text("gone"), progress.Text("percent"), row.Text("eta") ?? row.Text("ended_at"));
                }

                table.WriteTo(context.Out);
                if (json.Text("next_cursor") is { } next)
                {
                    context.Error.WriteLine($"There are more: --cursor {next}");
                }
            });
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show(CliContext context)
    {
        var id = Id();
        var command = new Command("show", "Shows one campaign: how far it is, what became of its texts, which rows were refused") { id };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            using var campaign = await api.GetAsync(Path(parsed.GetRequiredValue(id)), ct);
            Answer.Write(context, parsed, campaign, json => Describe(context, json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Make(CliContext context)
    {
        var csv = new Option<string>("--csv") { Description = "The file: a header row with a column 'to'", HelpName = "FILE", Required = true };
        var text = new Option<string>("--text") { Description = "The text, such as \"Hello {name}\"", HelpName = "TEXT", Required = true };
        var from = new Option<string>("--from") { Description = "The sender: a number, a short code or a name", HelpName = "SENDER", Required = true };
        var name = new Option<string>("--name") { Description = "To find it by", HelpName = "NAME", Required = true };
        var channel = new Option<string?>("--channel") { Description = "Over this channel; without it by the number", HelpName = "NAME" };
        var rate = new Option<double?>("--rate") { Description = "Parts a second at most", HelpName = "N" };
        var window = new Option<string?>("--window") { Description = "Hours in the recipient's own time, such as 09:00-20:00", HelpName = "HH:MM-HH:MM" };
        var zone = new Option<string?>("--time-zone") { Description = "With --window: of recipients whose country has several", HelpName = "ZONE" };
        var preview = new Option<bool>("--dry-run") { Description = "Only says what the file comes to; nothing is sent" };
        var key = new Option<string?>("--key") { Description = "Idempotency-Key: the same command again makes no second campaign", HelpName = "KEY" };
        var command = new Command("create", "Makes a campaign of a file; it begins at once") { csv, text, from, name, channel, rate, window, zone, preview, key };
        command.Validators.Add(result =>
        {
            if (result.GetValue(window) is { } hours && (hours.Split('-').Length != 2 || result.GetValue(zone) is null))
            {
                result.AddError("--window is like 09:00-20:00 and needs --time-zone, such as Europe/Stockholm.");
            }
        });
        command.SetAction(async (parsed, ct) =>
        {
            var body = new JsonObject
            {
                ["name"] = parsed.GetRequiredValue(name),
                ["from"] = parsed.GetRequiredValue(from),
                ["text"] = parsed.GetRequiredValue(text),
                ["channel"] = parsed.GetValue(channel),
                ["rate"] = parsed.GetValue(rate),
            };
            if (parsed.GetValue(window)?.Split('-') is [var start, var end])
            {
                body["window"] = new JsonObject { ["start"] = start, ["end"] = end, ["time_zone"] = parsed.GetValue(zone) };
            }

            using var api = ApiClient.Connect(context, parsed);
            var file = System.IO.Path.GetFullPath(parsed.GetRequiredValue(csv), context.WorkingDirectory);
            return await UploadAsync(context, parsed, api, file, body.ToJsonString(), parsed.GetValue(preview), parsed.GetValue(key), ct);
        });
        return command;
    }

    private static async Task<int> UploadAsync(CliContext context, ParseResult parsed, ApiClient api, string file, string json, bool isPreview, string? key, CancellationToken ct)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        using var campaign = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var rows = new StreamContent(stream, 256 * 1024);
        using var form = new MultipartFormDataContent { { campaign, "campaign" }, { rows, "file", System.IO.Path.GetFileName(file) } };
        using var answer = await api.SendAsync(HttpMethod.Post, isPreview ? "v1/campaigns?dry_run=1" : "v1/campaigns", form, key, ct);
        if (!answer.IsSuccess)
        {
            throw answer.ToException();
        }

        Answer.Write(context, parsed, answer, result => Tell(context, result, isPreview));
        return ExitCode.Done;
    }

    private static void Tell(CliContext context, JsonElement result, bool isPreview)
    {
        var rejected = result.List("rejected").ToArray();
        foreach (var row in rejected.Take(ShownRejections))
        {
            context.Error.WriteLine($"line {row.Text("line")}: {row.Text("detail")} ({row.Text("code")})");
        }

        if (rejected.Length > ShownRejections)
        {
            context.Error.WriteLine($"... and more; --json names {rejected.Length} of them");
        }

        var good = Number(result, "rows") - Number(result, "bad_rows");
        var eta = result.Text("eta") is { } at ? $"; the last leaves at {at}" : "";
        if (isPreview)
        {
            foreach (var example in result.List("examples"))
            {
                context.Out.WriteLine($"{example.Text("to")} ({example.Text("segments")} part(s), {example.Text("encoding")}, over {example.Text("channel")}): {example.Text("text")}");
            }

            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{good:#,0} texts in {Number(result, "parts"):#,0} parts, {Number(result, "bad_rows"):#,0} rows refused{eta}. Nothing was sent."));
            return;
        }

        context.Out.WriteLine(result.Text("id"));
        context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{good:#,0} texts in {Number(result, "parts"):#,0} parts safe on the server's disk, {Number(result, "bad_rows"):#,0} rows refused{eta}. Follow it: strowger campaigns show {result.Text("id")}"));
    }

    private static Command Turn(CliContext context, string name, string description, string done)
    {
        var id = Id();
        var command = new Command(name, description) { id };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var which = parsed.GetRequiredValue(id);
            using var answer = await api.CallAsync(HttpMethod.Post, $"{Path(which)}/{name}", null, ct);
            Answer.Write(context, parsed, answer, _ => context.Error.WriteLine($"{which} {done}."));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Rate(CliContext context)
    {
        var id = Id();
        var rate = new Argument<string>("N") { Description = $"Parts a second at most, 0.001 to 10,000,000, or {NoLimit}: as fast as its channels take it" };
        var command = new Command("rate", "Slows a campaign that is not over, or lets it go faster, at once") { id, rate };
        command.SetAction(async (parsed, ct) =>
        {
            var wanted = RateOf(parsed.GetRequiredValue(rate));
            using var api = ApiClient.Connect(context, parsed);
            var which = parsed.GetRequiredValue(id);
            using var answer = await api.CallAsync(HttpMethod.Patch, Path(which), new JsonObject { ["rate"] = wanted }.ToJsonString(), ct);
            Answer.Write(context, parsed, answer, json =>
            {
                var eta = json.Text("eta") is { } at ? $"; the last leaves at {at}" : "";
                context.Error.WriteLine(wanted is null ? $"{which} goes as fast as its channels take it{eta}." : string.Create(CultureInfo.InvariantCulture, $"{which} goes at {wanted} parts a second at most{eta}."));
            });
            return ExitCode.Done;
        });
        return command;
    }

    private static double? RateOf(string text) =>
        text == NoLimit ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= CampaignRequest.MinRate and <= CampaignRequest.MaxRate ? rate
        : throw new CliException($"N is '{text}'; allowed is a number of parts a second from 0.001 to 10000000, or {NoLimit}.", isUsage: true);

    private static Command Results(CliContext context)
    {
        var id = Id();
        var command = new Command("results", "Writes what became of each text as CSV to standard output") { id };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            await api.CopyAsync($"{Path(parsed.GetRequiredValue(id))}/results", context.Out, ct);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Describe(CliContext context, JsonElement campaign)
    {
        foreach (var member in campaign.EnumerateObject())
        {
            if (member.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Null))
            {
                context.Out.WriteLine($"{member.Name,-16} {member.Value.Shown()}");
            }
        }

        var progress = campaign.GetProperty("progress");
        foreach (var member in progress.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number)
            {
                context.Out.WriteLine($"{member.Name,-16} {member.Value.Shown()}");
            }
        }

        foreach (var status in progress.GetProperty("by_status").EnumerateObject())
        {
            context.Out.WriteLine($"  {status.Name,-14} {status.Value.Shown()}");
        }

        foreach (var row in campaign.List("rejected").Take(ShownRejections))
        {
            context.Out.WriteLine($"line {row.Text("line")}: {row.Text("detail")} ({row.Text("code")})");
        }
    }

    private static long Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;

    private static string Path(string id) => $"v1/campaigns/{Uri.EscapeDataString(id)}";

    private static Argument<string> Id() => new("ID") { Description = "As it was given when the campaign was made, such as cmp_…" };
}

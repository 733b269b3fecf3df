using System.CommandLine;
using System.Text;
using Strowger.Records.Settings;
using Strowger.Server.Cli.Exporting;
using Strowger.Server.Configuration;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger export</c>: settings, texts that have not left, lists, and all about one number.</summary>
internal static class ExportVerb
{
    public static Command Create(CliContext context) => new("export", "Writes what Strowger knows to standard output")
    {
        Settings(context),
        Unsent(context),
        Messages(context),
        Number(context),
    };

    private static Command Settings(CliContext context)
    {
        var settings = new Command("settings", "Writes the channels and the SMPP clients as they are now, with what was changed live, as a configuration file (with passwords of channels; of clients with their hashes)");
        settings.SetAction(parsed =>
        {
            var directory = GlobalOptions.DataDirectory(parsed, context);
            if (!File.Exists(Path.Combine(directory, "settings.db")))
            {
                throw new CliException($"There are no settings in {directory}. Name the data directory with --data DIR.");
            }

            using var store = SettingsStore.Open(directory, context.Time);
            context.Out.Write(SettingsJson.Export(store.Channels.List().Select(Read), [.. store.SmppClients.List().Select(Read)]));
            return ExitCode.Done;
        });
        return settings;
    }

    private static Command Unsent(CliContext context)
    {
        var format = Format();
        var inFlight = new Option<bool>("--in-flight") { Description = "Also texts that a carrier may have already: they may arrive twice" };
        var command = new Command("unsent", "Writes the texts that have not left, as POST /v1/messages/batch takes them; also from a server that does not run") { format, inFlight };
        command.SetAction(async (parsed, ct) =>
        {
            var rows = new RowWriter(context.Out, parsed.GetRequiredValue(format), UnsentExport.Columns);
            await UnsentExport.RunAsync(context, parsed, parsed.GetValue(inFlight), rows, ct);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Messages(CliContext context)
    {
        var format = Format();
        var status = new Option<string?>("--status") { Description = "Only with this status", HelpName = "STATUS" }.AcceptOnlyFromAmong([.. Records.Messages.MessageStatusText.All]);
        var to = Filter("--to", "NUMBER");
        var channel = Filter("--channel", "NAME");
        var campaign = Filter("--campaign", "NAME");
        var since = new Option<DateTimeOffset?>("--since") { Description = "Only accepted at this time or later", HelpName = "TIME" };
        var until = new Option<DateTimeOffset?>("--until") { Description = "Only accepted before this time", HelpName = "TIME" };
        var command = new Command("messages", "Writes the list of texts, newest first") { format, status, to, channel, campaign, since, until };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var rows = new RowWriter(context.Out, parsed.GetRequiredValue(format), ListExport.MessageColumns);
            await new ListExport(api).MessagesAsync(
                [("status", parsed.GetValue(status)), ("to", parsed.GetValue(to)), ("channel", parsed.GetValue(channel)), ("campaign", parsed.GetValue(campaign))],
                parsed.GetValue(since),
                parsed.GetValue(until),
                rows.Write,
                ct);
            context.Error.WriteLine($"{rows.Count} texts");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Number(CliContext context)
    {
        var number = new Argument<string>("NUMBER") { Description = "E.164, such as +46701234567" };
        var command = new Command("number", "Writes all that is kept about one number, a JSON object a line: texts sent with every event, texts received, rows of campaigns' files, jobs") { number };
        command.SetAction(async (parsed, ct) =>
        {
            using var api = ApiClient.Connect(context, parsed);
            var (sent, received, rows, jobs) = await new ListExport(api).NumberAsync(parsed.GetRequiredValue(number), context.Out, ct);
            context.Error.WriteLine($"{sent} texts sent, {received} received, {rows} rows of campaigns' files, {jobs} jobs");
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string> Format() =>
        new Option<string>("--format") { Description = "ndjson or csv", HelpName = "FORMAT", DefaultValueFactory = _ => RowWriter.Ndjson }.AcceptOnlyFromAmong(RowWriter.Ndjson, RowWriter.Csv);

    private static Option<string?> Filter(string name, string help) => new(name) { Description = "Only with this " + name[2..], HelpName = help };

    private static ChannelConfiguration Read(ChannelRecord record) =>
        Readable(ChannelJson.Parse(Encoding.UTF8.GetBytes(record.SettingsJson), record.Name, out var problems), $"channel {record.Name}", problems);

    private static SmppClientConfiguration Read(SmppClientRecord record) => Readable(
        SmppClientJson.Parse(Encoding.UTF8.GetBytes(record.SettingsJson), record.SystemId, isKept: true, out var problems), $"the SMPP client {record.SystemId}", problems);

    private static T Readable<T>(T? settings, string whose, IReadOnlyList<ConfigurationProblem> problems)
        where T : class => settings ?? throw new CliException($"The settings of {whose} cannot be read: {string.Join("; ", problems)}");
}

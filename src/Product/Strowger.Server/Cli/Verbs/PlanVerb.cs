using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using Strowger.Features.Planning;
using Strowger.Server.Cli.Planning;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Planning;

namespace Strowger.Server.Cli.Verbs;

/// <summary><c>strowger plan</c>: needs no server unless it asks one.</summary>
internal sealed class PlanVerb
{
    private readonly Option<long?> _subscribers = new("--subscribers") { Description = "How many get a text", HelpName = "N" };
    private readonly Option<int> _texts = new("--texts") { Description = "Texts each", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _parts = new("--parts") { Description = "Parts of a text", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<double?> _perHour = new("--per-hour") { Description = "Texts of the campaign accepted an hour. Default all at once", HelpName = "N" };
    private readonly Option<double?> _codes = new("--codes") { Description = "One-time codes a second meanwhile", HelpName = "N" };
    private readonly Option<string[]> _channel = new("--channel") { Description = PlanChannelText.Form + ". May be given again", HelpName = "CHANNEL" };
    private readonly Option<bool> _live = new("--live") { Description = "Takes the channels of the running server, as measured, and what waits there" };
    private readonly Option<double?> _price = new("--price") { Description = "Of a part", HelpName = "N" };
    private readonly Option<TimeSpan?> _limit = DurationOption.Create("--limit", "Says what would be enough that nobody waits longer. Default 60s");
    private readonly Option<int> _seed = new("--seed") { Description = "Of the simulation", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<bool> _late = new("--late") { Description = "Instead: how late the running server's texts are, and where that arises" };
    private readonly Option<int> _minutes = new("--minutes") { Description = "With --late: how far back", HelpName = "N", DefaultValueFactory = _ => 10 };

    public static Command Create(CliContext context) => new PlanVerb().Build(context);

    private Command Build(CliContext context)
    {
        var command = new Command("plan", "Says when the last one has it, what waits how long and what would be enough; or how late texts are now")
        {
            _subscribers, _texts, _parts, _perHour, _codes, _channel, _live, _price, _limit, _seed, _late, _minutes,
        };
        command.SetAction(async (parsed, ct) =>
        {
            if (parsed.GetValue(_late))
            {
                using var api = ApiClient.Connect(context, parsed);
                using var lateness = await api.GetAsync(ApiClient.Query("v1/plan/lateness", ("minutes", parsed.GetValue(_minutes))), ct);
                Answer.Write(context, parsed, lateness, json => PlanText.WriteLateness(context.Out, json));
                return ExitCode.Done;
            }

            if (parsed.GetValue(_live))
            {
                using var api = ApiClient.Connect(context, parsed);
                using var plan = await api.GetAsync(LiveQuery(parsed), ct);
                Answer.Write(context, parsed, plan, json => PlanText.WritePlan(context.Out, json));
                return ExitCode.Done;
            }

            using var document = await PlanAsync(Read(parsed), ct);
            if (parsed.GetValue(GlobalOptions.Json))
            {
                context.Out.WriteLine(document.RootElement.GetRawText());
            }
            else
            {
                PlanText.WritePlan(context.Out, document.RootElement);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private string LiveQuery(ParseResult parsed)
    {
        if (parsed.GetValue(_channel) is { Length: > 0 })
        {
            throw new CliException("--live and --channel do not go together.", isUsage: true);
        }

        return ApiClient.Query(
            "v1/plan",
            ("subscribers", parsed.GetValue(_subscribers)),
            ("texts", parsed.GetValue(_texts)),
            ("parts", parsed.GetValue(_parts)),
            ("per_hour", parsed.GetValue(_perHour)),
            ("codes", parsed.GetValue(_codes)),
            ("price", parsed.GetValue(_price)),
            ("limit", parsed.GetValue(_limit)?.TotalSeconds),
            ("seed", parsed.GetValue(_seed)));
    }

    private PlanInput Read(ParseResult parsed)
    {
        var words = parsed.GetValue(_channel) ?? [];
        if (words.Length == 0)
        {
            throw new CliException($"Which channels? Give --channel CHANNEL, {PlanChannelText.Form}; or --live for those of the running server.", isUsage: true);
        }

        var input = new PlanInput
        {
            Subscribers = parsed.GetValue(_subscribers) ?? 0,
            TextsEach = parsed.GetValue(_texts),
            PartsEach = parsed.GetValue(_parts),
            PerHour = parsed.GetValue(_perHour),
            CodesPerSecond = parsed.GetValue(_codes) ?? 0,
            Channels = [.. words.Select((word, i) => PlanChannelText.Parse(word, i + 1) ?? throw new CliException($"'{word}' is no channel; allowed is {PlanChannelText.Form}.", isUsage: true))],
            PricePerPart = parsed.GetValue(_price) is { } price and >= 0 and <= 1000 ? (decimal)price : null,
            Limit = parsed.GetValue(_limit) ?? TimeSpan.FromSeconds(60),
            Seed = parsed.GetValue(_seed),
        };
        return input.Problem() is { } problem ? throw new CliException(problem, isUsage: true) : input;
    }

    private static async Task<JsonDocument> PlanAsync(PlanInput input, CancellationToken ct)
    {
        var report = await Planner.PlanAsync(input, ct);
        var buffer = new ArrayBufferWriter<byte>(4096);
        await using (var writer = new Utf8JsonWriter(buffer, JsonAnswer.Options))
        {
            PlanJson.Write(writer, report);
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }
}

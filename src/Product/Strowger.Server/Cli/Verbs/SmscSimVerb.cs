using System.CommandLine;

namespace Strowger.Server.Cli.Verbs;

/// <summary>What <c>smsc-sim</c> was asked for. Shares are 0 to 1; a null span is never.</summary>
internal sealed record SmscSimOptions
{
    /// <summary>HOST:PORT; port 0 takes a free one and prints it.</summary>
    public required string Listen { get; init; }

    /// <summary>Null takes any.</summary>
    public string? SystemId { get; init; }

    /// <summary>Null takes any.</summary>
    public string? Password { get; init; }

    public int MaxBinds { get; init; }

    public int Window { get; init; }

    /// <summary>Parts a second over all binds; null is unlimited.</summary>
    public double? Rate { get; init; }

    public TimeSpan Bucket { get; init; }

    public TimeSpan Delay { get; init; }

    public TimeSpan Jitter { get; init; }

    /// <summary>Whether receipts are sent.</summary>
    public bool Receipts { get; init; }

    public TimeSpan ReceiptDelay { get; init; }

    /// <summary>Share of receipts that say undelivered.</summary>
    public double FailShare { get; init; }

    /// <summary>How ids differ between answer and receipt: same, hex, decimal, upper, zeros.</summary>
    public required string IdForm { get; init; }

    public TimeSpan? DisconnectEvery { get; init; }

    public TimeSpan? OutageEvery { get; init; }

    public TimeSpan OutageLength { get; init; }

    /// <summary>Takes everything, answers nothing.</summary>
    public bool BlackHole { get; init; }

    public bool RefuseBinds { get; init; }

    /// <summary>Bytes a second read from each connection; null is unlimited.</summary>
    public int? ReadSpeed { get; init; }

    /// <summary>Incoming texts a second.</summary>
    public double InboundRate { get; init; }

    public int Seed { get; init; }

    /// <summary>Where the report goes at the end; null is standard output.</summary>
    public string? ReportFile { get; init; }
}

/// <summary><c>strowger smsc-sim</c>: a carrier of one's own.</summary>
internal static class SmscSimVerb
{
    private static readonly string[] IdForms = ["same", "hex", "decimal", "upper", "zeros"];

    public static Command Create(CliContext context, Func<SmscSimOptions, CancellationToken, Task<int>> run)
    {
        var listen = new Option<string>("--listen") { Description = "Where to listen", HelpName = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:2775" };
        var systemId = new Option<string?>("--system-id") { Description = "The only one taken; default any", HelpName = "ID" };
        var password = new Option<string?>("--password") { Description = "The only one taken; default any", HelpName = "WORD" };
        var maxBinds = Count("--max-binds", "Binds at once", 100);
        var window = Count("--window", "Unanswered submits a bind; more get ESME_RMSGQFUL", 10_000);
        var rate = new Option<double?>("--rate") { Description = "Parts a second over all binds; more get ESME_RTHROTTLED", HelpName = "N" };
        var bucket = DurationOption.Create("--bucket", "The span over which it counts. Default 1s");
        var delay = DurationOption.Create("--delay", "How long an answer takes. Default 0s");
        var jitter = DurationOption.Create("--jitter", "Up to so much longer, at random. Default 0s");
        var noReceipts = new Option<bool>("--no-receipts") { Description = "Sends no delivery receipts" };
        var receiptDelay = DurationOption.Create("--receipt-delay", "How long a receipt takes. Default 1s");
        var failShare = Share("--fail-share", "Share of receipts that say undelivered, 0 to 1");
        var idForm = new Option<string>("--id-form") { Description = "How the receipt writes the answer's id", DefaultValueFactory = _ => "same" }.AcceptOnlyFromAmong(IdForms);
        var disconnectEvery = DurationOption.Create("--disconnect-every", "Hangs up a bind so often, at random. Default never");
        var outageEvery = DurationOption.Create("--outage-every", "Goes away with all binds so often. Default never");
        var outageLength = DurationOption.Create("--outage-length", "How long it stays away. Default 5s");
        var blackHole = new Option<bool>("--black-hole") { Description = "Takes everything and answers nothing" };
        var refuseBinds = new Option<bool>("--refuse-binds") { Description = "Refuses every bind" };
        var readSpeed = new Option<int?>("--read-speed") { Description = "Bytes a second it reads from each connection", HelpName = "N" };
        var inboundRate = Share("--inbound-rate", "Incoming texts a second");
        var seed = Count("--seed", "Makes a run with chance repeatable", 1);
        var report = new Option<string?>("--report") { Description = "File for the report at the end; default standard output", HelpName = "FILE" };
        var command = new Command("smsc-sim", "Simulates a carrier: counts, losses, duplicates and pacing come out as JSON")
        {
            listen, systemId, password, maxBinds, window, rate, bucket, delay, jitter, noReceipts, receiptDelay, failShare, idForm,
            disconnectEvery, outageEvery, outageLength, blackHole, refuseBinds, readSpeed, inboundRate, seed, report,
        };
        command.SetAction((parsed, ct) => run(
            new SmscSimOptions
            {
                Listen = parsed.GetRequiredValue(listen),
                SystemId = parsed.GetValue(systemId),
                Password = parsed.GetValue(password),
                MaxBinds = parsed.GetValue(maxBinds),
                Window = parsed.GetValue(window),
                Rate = parsed.GetValue(rate),
                Bucket = parsed.GetValue(bucket) ?? TimeSpan.FromSeconds(1),
                Delay = parsed.GetValue(delay) ?? TimeSpan.Zero,
                Jitter = parsed.GetValue(jitter) ?? TimeSpan.Zero,
                Receipts = !parsed.GetValue(noReceipts),
                ReceiptDelay = parsed.GetValue(receiptDelay) ?? TimeSpan.FromSeconds(1),
                FailShare = parsed.GetValue(failShare),
                IdForm = parsed.GetRequiredValue(idForm),
                DisconnectEvery = parsed.GetValue(disconnectEvery),
                OutageEvery = parsed.GetValue(outageEvery),
                OutageLength = parsed.GetValue(outageLength) ?? TimeSpan.FromSeconds(5),
                BlackHole = parsed.GetValue(blackHole),
                RefuseBinds = parsed.GetValue(refuseBinds),
                ReadSpeed = parsed.GetValue(readSpeed),
                InboundRate = parsed.GetValue(inboundRate),
                Seed = parsed.GetValue(seed),
                ReportFile = parsed.GetValue(report) is { } file ? Path.GetFullPath(file, context.WorkingDirectory) : null,
            },
            ct));
        return command;
    }

    private static Option<int> Count(string name, string description, int usual) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };

    private static Option<double> Share(string name, string description) => new(name) { Description = description, HelpName = "N" };
}

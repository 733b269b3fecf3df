using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Strowger.Simulators;
using Strowger.Smpp;

namespace Strowger.Server.Cli.Verbs;

/// <summary>
/// <c>strowger smsc-sim</c>: a carrier of one's own, in its own process. Control lines come in on standard input and their replies leave on
/// standard output; the end of the input does not end it. SIGTERM, Ctrl-C and the command stop do, and the report is then the last line.
/// </summary>
internal static class SmscSimVerb
{
    public static Command Create(CliContext context)
    {
        var listen = EndPointOption("--listen", "Where SMPP is spoken; port 0 takes a free one. Default 127.0.0.1:2775");
        var control = EndPointOption("--control", "Where control lines are taken by TCP as well. Default nowhere");
        var systemId = new Option<string?>("--system-id") { Description = "The only one that may bind. Default any", HelpName = "ID" };
        var password = new Option<string?>("--password") { Description = "The only one that is right. Default any", HelpName = "WORD" };
        var certificate = new Option<string?>("--tls-certificate") { Description = "PEM with the chain, its own certificate first: TLS is spoken and nothing else. Default in the clear", HelpName = "FILE" };
        var key = new Option<string?>("--tls-key") { Description = "PEM of its private key. Default in the same file", HelpName = "FILE" };
        var outages = OutagesOption();
        var seed = new Option<int>("--seed") { Description = "For jitter, shares and cuts. Default 1", HelpName = "N", DefaultValueFactory = _ => 1 };
        var report = new Option<string?>("--report") { Description = "File for the report at the end. Default standard output", HelpName = "FILE" };
        var settings = new SmscSimSettings();
        var command = new Command("smsc-sim", "Simulates a carrier: counts, losses, duplicates and pacing come out as JSON") { listen, control, systemId, password, certificate, key };
        settings.AddTo(command);
        command.Add(outages);
        command.Add(seed);
        command.Add(report);
        command.SetAction((parsed, ct) => RunAsync(
            context,
            new CarrierSimulatorOptions
            {
                Listen = parsed.GetValue(listen) ?? new IPEndPoint(IPAddress.Loopback, 2775),
                Control = parsed.GetValue(control),
                SystemId = parsed.GetValue(systemId),
                Password = parsed.GetValue(password),
                Tls = Tls(parsed.GetValue(certificate), parsed.GetValue(key), context.WorkingDirectory),
                Seed = parsed.GetValue(seed),
                Outages = parsed.GetValue(outages) ?? [],
                Settings = settings.Read(parsed),
            },
            parsed.GetValue(report) is { } file ? Path.GetFullPath(file, context.WorkingDirectory) : null,
            ct));
        return command;
    }

    private static async Task<int> RunAsync(CliContext context, CarrierSimulatorOptions options, string? reportFile, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var carrier = new CarrierSimulator(options, context.Time);
        try
        {
            await carrier.RunAsync(context.Out, context.In, stop.Token);
        }
        catch (SocketException error)
        {
            throw new CliException($"Cannot listen on {options.Listen}{(options.Control is null ? "" : $" and {options.Control}")}: {error.Message}.");
        }

        var report = new CarrierControl(carrier).Execute("""{"cmd":"report"}""");
        if (reportFile is null)
        {
            await context.Out.WriteLineAsync(report);
            await context.Out.FlushAsync(CancellationToken.None);
        }
        else
        {
            await File.WriteAllTextAsync(reportFile, report + "\n", CancellationToken.None);
        }

        return ExitCode.Done;
    }

    private static SmppServerTls? Tls(string? certificate, string? key, string directory)
    {
        if (certificate is null)
        {
            return key is null ? null : throw new CliException("--tls-key needs --tls-certificate beside it.", isUsage: true);
        }

        try
        {
            return SmppServerTls.Load(Path.GetFullPath(certificate, directory), key is null ? null : Path.GetFullPath(key, directory));
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException($"--tls-certificate {certificate}: {error.Message}", isUsage: true);
        }
    }

    private static Option<IPEndPoint?> EndPointOption(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "HOST:PORT",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            var address = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text[9..] : text;
            if (IPEndPoint.TryParse(address, out var found) && (found.Port > 0 || address.EndsWith(":0", StringComparison.Ordinal)))
            {
                return found;
            }

            result.AddError($"{name} is '{text}'; allowed is an address with a port, such as 127.0.0.1:2775.");
            return null;
        },
    };

    private static Option<IReadOnlyList<(TimeSpan At, TimeSpan For)>?> OutagesOption() => new("--outages")
    {
        Description = "Goes away with all binds: when after the start, for how long, such as 10s:5s,60s:2s",
        HelpName = "AT:LENGTH,...",
        CustomParser = result =>
        {
            if (SettingsText.TryParseOutages(result.Tokens[^1].Value, out var outages))
            {
                return outages;
            }

            result.AddError($"--outages is '{result.Tokens[^1].Value}'; allowed are pairs in rising order, such as 10s:5s,60s:2s.");
            return null;
        },
    };
}

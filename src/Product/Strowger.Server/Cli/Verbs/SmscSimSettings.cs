using System.CommandLine;
using System.Globalization;
using Strowger.Simulators;

namespace Strowger.Server.Cli.Verbs;

/// <summary>The carrier's settings as options. Each is a setting of the same name, which knows what is allowed.</summary>
internal sealed class SmscSimSettings
{
    private readonly List<(Option Option, string Name, Func<ParseResult, string?> Read)> _settings = [];

    public SmscSimSettings()
    {
        Text("rate", "N", "Parts a second over all binds of one system id; more get ESME_RTHROTTLED. Default unlimited");
        Duration("bucket", "The strict token bucket holds what the rate gives in this time. Default 100ms");
        Text("source-rate", "N", "Parts a second of one source address; more get ESME_RTHROTTLED. Default unlimited");
        Text("source-day", "N", "Parts a UTC day of one source address; more get ESME_RTHROTTLED. Default unlimited");
        Text("window", "N", "Unanswered submits a bind; more get ESME_RTHROTTLED. Default 10000");
        Flag("window-closes", "Cuts a bind that goes over the window");
        Duration("delay", "Before each answer. Default 0s");
        Duration("jitter", "Up to so much longer, at random. Default 0s");
        Duration("receipt-delay", "From the answer to the receipt. Default 500ms");
        Duration("receipt-jitter", "Up to so much longer, at random. Default 0s");
        Text("receipt-share", "SHARE", "Share of the receipts asked for that are sent, 0 to 1. Default 1");
        Text("fail-share", "SHARE", "Share of the receipts that say UNDELIV, 0 to 1. Default 0");
        Text("receipt-ids", "QUIRK", "The id in the receipt: as-is, hex, decimal, upper, lower, leading-zeros, no-zeros");
        Text("receipt-format", "FORMAT", "full, text-only, tlv-only, no-blank, long-dates, short, odd-case, not-swapped, doubled");
        Flag("receipt-first", "The receipt leaves before the answer");
        Duration("mean-disconnect", "Cuts one bind at random, so far apart on average. Default never");
        Flag("black-hole", "Takes submits and never answers");
        Text("refuse-binds", "STATUS", "Refuses every bind with this command_status, such as 0x0D");
        Duration("read-delay", "Waits before each read: a carrier that reads slowly. Default 0s");
        Text("errors", "STATUS:SHARE,...", "Shares of the submits answered with a status, such as 0x08:0.01,0x45:0.02");
        Text("congestion", "STATE", "congestion_state with every accepted submit, 0 idle to 100 congested. Default none");
        Text("mo-rate", "N", "Incoming texts a second. Default none");
        Flag("key-by-token", "A text that ends in #digits is told apart by that token alone");
    }

    public void AddTo(Command command) => _settings.ForEach(setting => command.Add(setting.Option));

    public CarrierSettings Read(ParseResult parsed)
    {
        var settings = new CarrierSettings();
        foreach (var (_, name, read) in _settings)
        {
            if (read(parsed) is { } value && !SettingsText.TryApply(settings, name, value, out settings, out var error))
            {
                throw new CliException($"--{error}.", isUsage: true);
            }
        }

        return settings;
    }

    private void Text(string name, string helpName, string description)
    {
        var option = new Option<string?>($"--{name}") { Description = description, HelpName = helpName };
        _settings.Add((option, name, parsed => parsed.GetValue(option)));
    }

    private void Duration(string name, string description)
    {
        var option = DurationOption.Create($"--{name}", description);
        _settings.Add((option, name, parsed => parsed.GetValue(option) is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds}ms") : null));
    }

    private void Flag(string name, string description)
    {
        var option = new Option<bool>($"--{name}") { Description = description };
        _settings.Add((option, name, parsed => parsed.GetValue(option) ? "true" : null));
    }
}

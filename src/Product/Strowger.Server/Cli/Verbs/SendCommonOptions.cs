using System.CommandLine;
using Strowger.Server.Cli.Sending;

namespace Strowger.Server.Cli.Verbs;

/// <summary>The options of <c>send</c> that hold for one text and for a file; the server checks their values.</summary>
internal sealed class SendCommonOptions
{
    private readonly Option<string?> _from = Text("--from", "SENDER", "Number, short code or up to 11 letters");
    private readonly Option<string?> _channel = Text("--channel", "NAME", "Over this channel instead of the route's");
    private readonly Option<string?> _priority = Text("--priority", "LANE", "urgent, normal or bulk");
    private readonly Option<string?> _campaign = Text("--campaign", "NAME", "To find them by; a file gets one of its own");
    private readonly Option<string?> _reference = Text("--reference", "TEXT", "Your own id");
    private readonly Option<string?> _sendAt = Text("--send-at", "TIME", "Not before, such as 2026-01-31T09:00:00Z");
    private readonly Option<TimeSpan?> _expiresIn = DurationOption.Create("--expires-in", "Not later than this from now, such as 5m");

    public SendCommonOptions() => _priority.AcceptOnlyFromAmong("urgent", "normal", "bulk");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_from, _channel, _priority, _campaign, _reference, _sendAt, _expiresIn])
        {
            command.Add(option);
        }
    }

    public SendOptions Read(ParseResult parsed) => new()
    {
        From = parsed.GetValue(_from),
        Channel = parsed.GetValue(_channel),
        Priority = parsed.GetValue(_priority),
        Campaign = parsed.GetValue(_campaign),
        Reference = parsed.GetValue(_reference),
        SendAt = parsed.GetValue(_sendAt),
        ExpiresInSeconds = parsed.GetValue(_expiresIn) is { } span ? (long)Math.Ceiling(span.TotalSeconds) : null,
    };

    private static Option<string?> Text(string name, string help, string description) => new(name) { Description = description, HelpName = help };
}

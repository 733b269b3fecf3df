using System.CommandLine;
using System.Text.Json.Nodes;

namespace Strowger.Server.Cli.Verbs;

/// <summary>The options that describe a client of the SMPP door, shared by add and change; the server checks their values.</summary>
internal sealed class SmppClientOptions
{
    private readonly Option<string?> _passwordFile = ChannelOptions.Text("--password-file", "FILE", "Its first line is the password; '-' reads it from standard input");
    private readonly Option<int?> _binds = new("--binds") { Description = "Binds at once. Default 4", HelpName = "N" };
    private readonly Option<double?> _rate = new("--rate") { Description = "Parts a second over all binds. Default no limit", HelpName = "N" };
    private readonly Option<int?> _window = new("--window") { Description = "Texts a bind may have unanswered", HelpName = "N" };
    private readonly Option<string[]> _allow = new("--allow") { Description = "Address or network it comes from; may be given again. Default anywhere", HelpName = "CIDR" };
    private readonly Option<string?> _channel = ChannelOptions.Text("--channel", "NAME", "The channel its texts go by. Default by their number");
    private readonly Option<string?> _priority = ChannelOptions.Text("--priority", "LANE", "urgent, normal or bulk, for texts that name none");
    private readonly Option<string[]> _number = new("--number") { Description = "Leading digits of your numbers whose incoming texts it gets; may be given again", HelpName = "DIGITS" };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_passwordFile, _binds, _rate, _window, _allow, _channel, _priority, _number])
        {
            command.Add(option);
        }
    }

    /// <summary>The members given, as the API names them.</summary>
    public JsonObject Read(ParseResult parsed, CliContext context)
    {
        var body = new JsonObject();
        ChannelOptions.Put(body, "password", ChannelOptions.Password(parsed.GetValue(_passwordFile), context));
        ChannelOptions.Put(body, "binds", parsed.GetValue(_binds));
        ChannelOptions.Put(body, "rate", parsed.GetValue(_rate));
        ChannelOptions.Put(body, "window", parsed.GetValue(_window));
        ChannelOptions.Put(body, "allow", JsonBody.Texts(parsed.GetValue(_allow)));
        ChannelOptions.Put(body, "channel", parsed.GetValue(_channel));
        ChannelOptions.Put(body, "priority", parsed.GetValue(_priority));
        ChannelOptions.Put(body, "numbers", JsonBody.Texts(parsed.GetValue(_number)));
        return body;
    }
}

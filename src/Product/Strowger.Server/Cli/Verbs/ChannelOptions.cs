using System.CommandLine;
using System.Text.Json.Nodes;

namespace Strowger.Server.Cli.Verbs;

/// <summary>The options that describe a channel, shared by add and change; the server checks their values.</summary>
internal sealed class ChannelOptions
{
    private readonly Option<string?> _host = Text("--host", "NAME", "The carrier's name or address");
    private readonly Option<int?> _port = new("--port") { Description = "Default 2775", HelpName = "N" };
    private readonly Option<string?> _systemId = Text("--system-id", "ID", "The name the carrier gave you");
    private readonly Option<string?> _passwordFile = Text("--password-file", "FILE", "Its first line is the password; '-' reads it from standard input");
    private readonly Option<string?> _systemType = Text("--system-type", "TEXT", "If the carrier asks for one");
    private readonly Option<bool?> _tls = new("--tls") { Description = "The carrier's port speaks TLS" };
    private readonly Option<string?> _tlsServerName = Text("--tls-server-name", "NAME", "The name in the carrier's certificate. Default the host");
    private readonly Option<string?> _tlsTrusted = Text("--tls-trusted-certificate", "FILE", "PEM of the carrier's certificate or of who signed it. Default whom the server's system trusts");
    private readonly Option<string?> _mode = Text("--mode", "MODE", "transceiver, transmitter or pair");
    private readonly Option<int?> _binds = new("--binds") { Description = "Connections at once", HelpName = "N" };
    private readonly Option<int?> _window = new("--window") { Description = "Parts in flight a bind", HelpName = "N" };
    private readonly Option<double?> _rate = new("--rate") { Description = "Parts a second over all binds", HelpName = "N" };
    private readonly Option<string?> _bucket = Text("--bucket", "DURATION", "The span over which the carrier counts, such as 100ms");
    private readonly Option<string[]> _prefix = new("--prefix") { Description = "Leading digits of its numbers; may be given again. Default every number", HelpName = "DIGITS" };
    private readonly Option<string?> _whenUnsure = Text("--when-unsure", "WHAT", "resend or hold");
    private readonly Option<string?> _inboundUrl = Text("--inbound-url", "URL", "Where incoming texts are posted");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_host, _port, _systemId, _passwordFile, _systemType, _tls, _tlsServerName, _tlsTrusted, _mode, _binds, _window, _rate, _bucket, _prefix, _whenUnsure, _inboundUrl])
        {
            command.Add(option);
        }
    }

    /// <summary>The members given, as the API names them.</summary>
    public JsonObject Read(ParseResult parsed, CliContext context)
    {
        var body = new JsonObject();
        Put(body, "host", parsed.GetValue(_host));
        Put(body, "port", parsed.GetValue(_port));
        Put(body, "system_id", parsed.GetValue(_systemId));
        Put(body, "password", Password(parsed.GetValue(_passwordFile), context));
        Put(body, "system_type", parsed.GetValue(_systemType));
        Put(body, "tls", parsed.GetValue(_tls));
        Put(body, "tls_server_name", parsed.GetValue(_tlsServerName));
        Put(body, "tls_trusted_certificate", parsed.GetValue(_tlsTrusted) is { } trusted ? Path.GetFullPath(trusted, context.WorkingDirectory) : null);
        Put(body, "mode", parsed.GetValue(_mode));
        Put(body, "binds", parsed.GetValue(_binds));
        Put(body, "window", parsed.GetValue(_window));
        Put(body, "rate", parsed.GetValue(_rate));
        Put(body, "bucket", parsed.GetValue(_bucket));
        Put(body, "prefixes", JsonBody.Texts(parsed.GetValue(_prefix)));
        Put(body, "when_unsure", parsed.GetValue(_whenUnsure));
        Put(body, "inbound_url", parsed.GetValue(_inboundUrl));
        return body;
    }

    public static void Put(JsonObject body, string name, JsonNode? value)
    {
        if (value is not null)
        {
            body[name] = value;
        }
    }

    /// <summary>A password from where an option says it is.</summary>
    public static string? Password(string? file, CliContext context) => file switch
    {
        null => null,
        "-" => context.In.ReadLine(),
        _ => File.ReadLines(Path.GetFullPath(file, context.WorkingDirectory)).FirstOrDefault()?.TrimEnd('\r') ?? "",
    };

    public static Option<string?> Text(string name, string help, string description) => new(name) { Description = description, HelpName = help };
}

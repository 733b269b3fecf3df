using System.Net;
using Strowger.Features.Access;
using Strowger.Features.Messaging.Routes;
using Strowger.Records;

namespace Strowger.Server.Configuration;

/// <summary>Where a configuration comes from; what stands later wins.</summary>
public sealed record ConfigurationSources
{
    /// <summary><c>--config</c>; null is <c>strowger.json</c> of the working directory if there is one.</summary>
    public string? File { get; init; }

    /// <summary>The environment: <c>STROWGER__Section__Key</c> and <c>STROWGER_ADMIN_KEY</c> count.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary><c>--set Section:Key=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary><c>--data</c>.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Against which relative paths count.</summary>
    public string WorkingDirectory { get; init; } = System.IO.Directory.GetCurrentDirectory();
}

/// <param name="Value">Null when there is any problem.</param>
/// <param name="Problems">All mistakes.</param>
public sealed record ConfigurationResult(ServerConfiguration? Value, IReadOnlyList<ConfigurationProblem> Problems);

/// <summary>Reads and checks the whole configuration in one pass.</summary>
public static class ConfigurationLoader
{
    public const string DefaultFile = "strowger.json";

    /// <summary>Exit code of a command with a wrong configuration (EX_CONFIG of sysexits.h).</summary>
    public const int ExitCode = 78;

    private static readonly string[] NotYet = ["Sip", "Rtp", "Radius", "Beanstalk", "FastAgi", "Munin", "Routes", "Conferences", "Hosts"];

    public static ConfigurationResult Load(ConfigurationSources sources)
    {
        var problems = new List<ConfigurationProblem>();
        var root = Root(sources, problems);
        if (root is null)
        {
            return new ConfigurationResult(null, problems);
        }

        ConfigurationOverrides.Environment(root, sources.Environment, problems);
        ConfigurationOverrides.Set(root, sources.Settings, problems);
        var configuration = Read(new SectionReader(root, "", problems), sources, problems);
        return new ConfigurationResult(problems.Count == 0 ? configuration : null, problems);
    }

    private static ConfigurationNode? Root(ConfigurationSources sources, List<ConfigurationProblem> problems)
    {
        var path = Path.Combine(sources.WorkingDirectory, sources.File ?? DefaultFile);
        return sources.File is null && !File.Exists(path)
            ? ConfigurationNode.Section("defaults")
            : ConfigurationFile.Read(path, sources.File ?? DefaultFile, problems);
    }

    private static ServerConfiguration Read(SectionReader reader, ConfigurationSources sources, List<ConfigurationProblem> problems)
    {
        var data = reader.Text("Data", "./data")!;
        var mail = NotificationReader.Mail(reader.Section("Mail"), sources.WorkingDirectory);
        var configuration = new ServerConfiguration
        {
            DataDirectory = Path.GetFullPath(sources.DataDirectory ?? data, sources.WorkingDirectory),
            Http = Http(reader.Section("Http"), sources.WorkingDirectory),
            Retention = Retention(reader.Section("Retention")),
            Receipts = Receipts(reader.Section("Receipts")),
            Queues = Queues(reader.Section("Queues")),
            Log = Log(reader.Section("Log")),
            Otlp = TelemetryReader.Read(reader.Section("Telemetry")),
            Webhooks = NotificationReader.Webhooks(reader.Section("Webhooks")),
            Mail = mail,
            Alarms = NotificationReader.Alarms(reader.Section("Alarms"), mail),
            Smpp = SmppReader.Read(reader.Section("Smpp"), sources.WorkingDirectory),
            Kannel = KannelReader.Read(reader.Section("Kannel"), sources.WorkingDirectory),
            Currency = reader.Text("Currency", "", 8)!,
            Channels = Channels(reader, problems),
            AdminKey = AdminKeyOf(sources, problems),
        };
        Store(reader.Section("Store"));
        reader.Finish(NotYet);
        return configuration;
    }

    private static string? AdminKeyOf(ConfigurationSources sources, List<ConfigurationProblem> problems)
    {
        var value = sources.Environment.GetValueOrDefault(AdminKey.Variable);
        if (AdminKey.Problem(value) is { } problem)
        {
            problems.Add(new ConfigurationProblem(AdminKey.Variable, "environment", null, problem));
        }

        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static HttpConfiguration Http(SectionReader reader, string directory)
    {
        var listen = reader.Text("Listen");
        var http = new HttpConfiguration
        {
            Certificate = ExistingFile(reader, "Certificate", directory),
            CertificateKey = ExistingFile(reader, "CertificateKey", directory),
            Proxies = Proxies(reader),
        };
        if (listen is not null)
        {
            if (EndPoint(listen) is { } endPoint)
            {
                http = http with { Listen = endPoint };
            }
            else
            {
                reader.Add("Listen", $"\"{listen}\"", "allowed is an address with a port, such as 127.0.0.1:8080, [::1]:8080 or 0.0.0.0:80");
            }
        }

        if (http is { CertificateKey: not null, Certificate: null })
        {
            reader.Add("CertificateKey", null, "it needs Http:Certificate beside it");
        }

        reader.Finish();
        return http;
    }

    private static List<IPNetwork> Proxies(SectionReader reader)
    {
        const int MostProxies = 64;
        var proxies = new List<IPNetwork>();
        foreach (var text in reader.Texts("Proxies"))
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                proxies.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                proxies.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                reader.Add("Proxies", $"\"{text}\"", "allowed are addresses and networks, such as 10.0.0.2 or 10.0.0.0/24");
            }
        }

        if (proxies.Count > MostProxies)
        {
            reader.Add("Proxies", $"{proxies.Count} entries", $"at most {MostProxies} are allowed");
        }

        return proxies;
    }

    internal static IPEndPoint? EndPoint(string text)
    {
        const string Localhost = "localhost:";
        var address = text.StartsWith(Localhost, StringComparison.OrdinalIgnoreCase) ? "127.0.0.1:" + text[Localhost.Length..] : text;
        var hasPort = address.LastIndexOf(':') > address.LastIndexOf(']') && address.LastIndexOf(':') < address.Length - 1;
        return hasPort && IPEndPoint.TryParse(address, out var endPoint) ? endPoint : null;
    }

    internal static string? ExistingFile(SectionReader reader, string key, string directory)
    {
        if (reader.Text(key) is not { } text)
        {
            return null;
        }

        var path = Path.GetFullPath(text, directory);
        if (!File.Exists(path))
        {
            reader.Add(key, $"\"{text}\"", "there is no such file: put it there, readable for the server's user, or name another one");
        }

        return path;
    }

    private static RetentionConfiguration Retention(SectionReader reader)
    {
        var retention = new RetentionConfiguration
        {
            History = reader.Duration("History", TimeSpan.FromHours(1), TimeSpan.FromDays(3650), TimeSpan.FromDays(30)),
            HistoryBytes = (long)reader.Number("HistoryBytes", 64 << 20, 1L << 50, "bytes", 50L << 30)!.Value,
            Texts = reader.Duration("Texts", TimeSpan.FromHours(1), TimeSpan.FromDays(3650), TimeSpan.MaxValue) is var texts && texts < TimeSpan.MaxValue ? texts : null,
            ListDays = Days(reader, "Lists", 3650, 90),
            ReceiptDays = Days(reader, "Receipts", 31, 7),
        };
        reader.Finish();
        return retention;
    }

    private static int Days(SectionReader reader, string key, int most, int usual) =>
        (int)Math.Ceiling(reader.Duration(key, TimeSpan.FromDays(1), TimeSpan.FromDays(most), TimeSpan.FromDays(usual)).TotalDays);

    private static ReceiptConfiguration Receipts(SectionReader reader)
    {
        var usual = new ReceiptConfiguration();
        var receipts = new ReceiptConfiguration
        {
            QueryAfter = reader.Duration("QueryAfter", TimeSpan.FromMinutes(1), TimeSpan.FromDays(31), usual.QueryAfter),
            UnknownAfter = reader.Duration("UnknownAfter", TimeSpan.FromHours(1), TimeSpan.FromDays(31), usual.UnknownAfter),
        };
        reader.Finish();
        return receipts;
    }

    private static QueueConfiguration Queues(SectionReader reader)
    {
        var queues = new QueueConfiguration { Bound = (long)reader.Number("Bound", 1, 1_000_000_000, "parts", 20_000_000)!.Value };
        reader.Finish();
        return queues;
    }

    private static LogConfiguration Log(SectionReader reader)
    {
        var log = new LogConfiguration
        {
            IsJson = reader.Choice("Format", [("text", (bool?)false), ("json", true)], false),
            Level = reader.Choice("Level", [("debug", (LogLevel?)LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error)], LogLevel.Information),
        };
        reader.Finish();
        return log;
    }

    /// <summary>Other stores are documented and not in this version: whoever names them is told so and gets no other.</summary>
    private static void Store(SectionReader reader)
    {
        reader.Choice("Jobs", [("journal", (bool?)true), ("postgresql", null), ("rabbitmq", null)], true);
        reader.Choice("Records", [("sqlite", (bool?)true), ("postgresql", null)], true);
        reader.Finish("PostgreSql", "RabbitMq");
    }

    private static List<ChannelConfiguration> Channels(SectionReader reader, List<ConfigurationProblem> problems)
    {
        var channels = new List<ChannelConfiguration>();
        var items = reader.Items("Channels");
        if (items.Count > RecordsLimits.MaxSeeded)
        {
            reader.Add("Channels", $"{items.Count} entries", $"at most {RecordsLimits.MaxSeeded} are allowed");
            return channels;
        }

        for (var i = 0; i < items.Count; i++)
        {
            var channel = ChannelReader.Read(new SectionReader(items[i], $"Channels:{i}", problems));
            if (channel.Name.Length > 0 && channels.Exists(other => other.Name == channel.Name))
            {
                problems.Add(new ConfigurationProblem($"Channels:{i}:Name", items[i].Source, $"\"{channel.Name}\"", "another channel has this name; each needs its own"));
            }

            channels.Add(channel);
        }

        if (RouteTable.ProblemOf(channels.Select(channel => channel.Prefixes)) is { } crowded)
        {
            reader.Add("Channels", null, crowded);
        }

        return channels;
    }
}

using System.Net;
using System.Text;
using Strowger.Engine;
using Strowger.Server.Configuration;

namespace Strowger.Server.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("strowger-configuration-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Without_a_file_the_defaults_hold()
    {
        var configuration = Load(null).Value!;
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 8080), configuration.Http.Listen);
        Assert.Equal(Path.Combine(_directory, "data"), configuration.DataDirectory);
        Assert.Empty(configuration.Channels);
        Assert.Equal(20_000_000, configuration.Queues.Bound);
    }

    [Fact]
    public void The_documented_file_is_read_whole()
    {
        var configuration = Load(
            """
            { "Http": { "Listen": "127.0.0.1:9090" }, // comment
              "Store": { "Jobs": "journal", "Records": "sqlite" },
              "Retention": { "History": "2d", "Lists": "10d", "Receipts": "3d" }, "Currency": "EUR",
              "Channels": [ { "Name": "carrier-a", "Kind": "smpp", "Host": "10.0.0.1", "Port": 2775, "SystemId": "x", "Password": "y",
                              "Binds": 2, "Window": 50, "Rate": 200, "Price": 0.0071, "Bucket": "100ms", "Prefixes": ["46", "47"],
                              "WhenUnsure": "hold", "InboundUrl": "https://example.com/in", },
                            /* none */
                            { "Name": "nowhere", "Kind": "discard" } ] }
            """).Value!;
        var carrier = configuration.Channels[0];
        Assert.Equal(("10.0.0.1", 2775, "x", "y"), (carrier.Host, carrier.Port, carrier.SystemId, carrier.ReadPassword()));
        Assert.Equal((2, 50, 100, 200.0), (carrier.Binds, carrier.Window, carrier.Width, carrier.Rate!.Value));
        Assert.Equal((0.0071m, "EUR"), (carrier.Price, configuration.Currency));
        Assert.Equal(carrier.Price, ChannelJson.Parse(Encoding.UTF8.GetBytes(ChannelJson.ToText(carrier)), "kept", out _)!.Price);
        Assert.Equal(TimeSpan.FromMilliseconds(100), carrier.Bucket);
        Assert.Equal(["46", "47"], carrier.Prefixes);
        Assert.Equal(WhenUnsure.Hold, carrier.WhenUnsure);
        Assert.Equal(ChannelKind.Discard, configuration.Channels[1].Kind);
        Assert.Equal((10, 3, TimeSpan.FromDays(2)), (configuration.Retention.ListDays, configuration.Retention.ReceiptDays, configuration.Retention.History));
    }

    [Fact]
    public void A_route_has_at_most_32_channels()
    {
        var channels = string.Join(",", Enumerable.Range(0, 33).Select(i => $$"""{ "Name": "c{{i}}", "Kind": "discard", "Prefixes": ["46", "{{i + 100}}"] }"""));
        var problem = Assert.Single(Load($$"""{ "Channels": [ {{channels}} ] }""").Problems);
        Assert.Equal("Channels", problem.Key);
        Assert.Equal("33 channels would serve the prefix \"46\"; at most 32 may serve one route", problem.Allowed);
    }

    [Fact]
    public void All_mistakes_come_together_each_with_its_place_and_what_is_allowed()
    {
        var problems = Load(
            """
            { "Http": { "Lisen": "127.0.0.1:80", "Certificate": "none.pem" },
              "Store": { "Jobs": "postgresql" },
              "Channels": [
                { "Name": "a b", "Kind": "smpp", "Port": 99999, "Rate": "fast", "Bucket": "1 fortnight", "Prefixes": ["+46"] },
                { "Name": "gsm1", "Kind": "modem", "Device": "/dev/ttyUSB0", "Rate": 0.3 },
                { "Name": "x", "Kind": "smppp" },
                { "Name": "x", "Kind": "discard", "Host": "h", "WhenUnsure": 5, "Rate": 0.0001, "InboundUrl": "ftp://x" } ],
              "Beanstalk": {}, "Colour": 1 }
            """,
            ("STROWGER_ADMIN_KEY", "short")).Problems.Select(problem => problem.ToString()).ToArray();
        string[] expected =
        [
            "Http:Lisen (strowger.json line 1): there is no such key; did you mean Listen?",
            "Http:Certificate (strowger.json line 1): found \"none.pem\"; there is no such file: put it there, readable for the server's user, or name another one",
            "Store:Jobs (strowger.json line 2): found \"postgresql\"; it is not in this version; allowed are journal",
            "Channels:0:Name (strowger.json line 4): found \"a b\"; allowed are a-z, A-Z, 0-9, '-', '_' and '.'",
            "Channels:0:Host (strowger.json line 4): it is missing: the carrier's name or address",
            "Channels:0:SystemId (strowger.json line 4): it is missing: the name the carrier gave you",
            "Channels:0:Port (strowger.json line 4): found 99999; allowed are numbers from 1 to 65,535",
            "Channels:0:Rate (strowger.json line 4): found \"fast\"; allowed are numbers from 0.001 to 10,000,000 (parts a second over all binds)",
            "Channels:0:Bucket (strowger.json line 4): found \"1 fortnight\"; allowed is a number with ms, s, m, h or d, such as 100ms or 5s, from 1ms to 1h",
            "Channels:0:Prefixes (strowger.json line 4): found \"+46\"; allowed are 1 to 15 leading digits of an E.164 number, without '+' and not beginning with 0, such as \"46\"",
            "Channels:1:Kind (strowger.json line 5): found \"modem\"; it is not in this version; allowed are smpp, discard",
            "Channels:2:Kind (strowger.json line 6): found \"smppp\"; allowed are smpp, discard",
            "Channels:3:Name (strowger.json line 7): found \"x\"; another channel has this name; each needs its own",
            "Channels:3:WhenUnsure (strowger.json line 7): found 5; allowed are resend, hold",
            "Channels:3:Rate (strowger.json line 7): found 0.0001; allowed are numbers from 0.001 to 10,000,000 (parts a second over all binds)",
            "Channels:3:InboundUrl (strowger.json line 7): found \"ftp://x\"; allowed is a full address that begins with https:// or http://",
            "Beanstalk (strowger.json line 8): it is not in this version; leave it out",
            "STROWGER_ADMIN_KEY (environment): STROWGER_ADMIN_KEY has 5 characters; allowed are 16 to 256.",
        ];
        Assert.Equal([], expected.Except(problems));
        Assert.Equal(2, problems.Except(expected).Count());
        Assert.Contains(problems, problem => problem.StartsWith("Colour (strowger.json line 8): there is no such key; known are", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Channels:3:Host (strowger.json line 7): there is no such key", StringComparison.Ordinal));
    }

    [Fact]
    public void Later_sources_win_and_are_named()
    {
        const string File = """{ "Http": { "Listen": "127.0.0.1:1" }, "Channels": [ { "Name": "a", "Kind": "discard", "Rate": 1 } ] }""";
        var sources = Sources(File, ("STROWGER__Http__Listen", "127.0.0.1:2"), ("STROWGER__channels__0__rate", "2.5"), ("STROWGER__Retention__Lists", "5d")) with
        {
            Settings = ["Http:Listen=127.0.0.1:3", "Channels:a:Prefixes=46,47", "Channels:1:Name=b", "Channels:1:Kind=discard", "Webhooks:AllowPrivate=true"],
            DataDirectory = "elsewhere",
        };
        var result = ConfigurationLoader.Load(sources);
        Assert.Empty(result.Problems);
        var configuration = result.Value!;
        Assert.Equal(3, configuration.Http.Listen.Port);
        Assert.Equal(2.5, configuration.Channels[0].Rate);
        Assert.Equal(["46", "47"], configuration.Channels[0].Prefixes);
        Assert.Equal("b", configuration.Channels[1].Name);
        Assert.Equal(5, configuration.Retention.ListDays);
        Assert.True(configuration.Webhooks.AllowPrivate);
        Assert.Equal(Path.Combine(_directory, "elsewhere"), configuration.DataDirectory);

        var wrong = ConfigurationLoader.Load(sources with { Settings = ["Channels:a:Rate=x", "nothing", "Channels:7:Rate=1"] }).Problems;
        Assert.Contains(wrong, problem => problem.Source == "--set Channels:a:Rate" && problem.Found == "\"x\"");
        Assert.Contains(wrong, problem => problem.Key == "--set" && problem.Found == "\"nothing\"");
        Assert.Contains(wrong, problem => problem.Key == "Channels:7:Rate");
    }

    [Theory]
    [InlineData("{ \"Http\": ", "line 1")]
    [InlineData("{\n \"Http\" 5 }", "line 2")]
    [InlineData("[]", "it must be a JSON object")]
    [InlineData("{} {}", "not JSON")]
    [InlineData("", "not JSON")]
    [InlineData("{ \"Data\": \"a\",\n \"data\": \"b\" }", "a key stands once; the first is in strowger.json line 1")]
    [InlineData("{ \"Http\": 5 }", "it must be a section")]
    [InlineData("{ \"Channels\": {} }", "it must be a list")]
    [InlineData("{ \"Channels\": [5] }", "it must be a section")]
    public void A_file_of_the_wrong_shape_is_told_where(string json, string expected) =>
        Assert.Contains(Load(json).Problems, problem => problem.ToString().Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void A_missing_file_that_was_named_is_a_mistake()
    {
        var result = ConfigurationLoader.Load(Sources(null) with { File = "other.json" });
        Assert.Equal("--config", Assert.Single(result.Problems).Key);
    }

    [Fact]
    public void A_password_is_shown_nowhere()
    {
        var result = Load("""{ "Channels": [ { "Name": "a", "Kind": "smpp", "Host": "h", "SystemId": "s", "Password": 1234567, "PasswordFile": "no" } ] }""");
        Assert.DoesNotContain("1234567", string.Join('\n', result.Problems), StringComparison.Ordinal);
        var channel = new ChannelConfiguration { Name = "a", Kind = ChannelKind.Smpp, Host = "h", SystemId = "s", Password = "hunter2" };
        Assert.DoesNotContain("hunter2", channel.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_file_is_read_at_its_first_line()
    {
        var path = Path.Combine(_directory, "secret");
        File.WriteAllText(path, "hunter2\r\nmore\n");
        var channel = Load($$"""{ "Channels": [ { "Name": "a", "Kind": "smpp", "Host": "h", "SystemId": "s", "PasswordFile": "{{path}}" } ] }""").Value!.Channels[0];
        Assert.Equal("hunter2", channel.ReadPassword());
    }

    [Theory]
    [InlineData("100ms", 100)]
    [InlineData("5s", 5000)]
    [InlineData("1.5 m", 90_000)]
    [InlineData("2H", 7_200_000)]
    [InlineData("30d", 2_592_000_000)]
    public void Durations_are_read_and_written(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
        Assert.True(DurationText.TryParse(DurationText.ToText(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("ms")]
    [InlineData("-5s")]
    [InlineData("5 sec")]
    [InlineData("1e300d")]
    [InlineData("999999999999999999d")]
    [InlineData("5sd")]
    public void Other_durations_are_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void A_channel_reads_the_same_from_api_settings_and_export()
    {
        const string Api =
            """{"name":"a","kind":"smpp","host":"h","system_id":"s","password":"p","when_unsure":"hold","rate":0.5,"bucket":"2s","prefixes":["46"],"mode":"pair","max_parts":3,"latin1":true,"enquire_link":"5s"}""";
        var channel = ChannelJson.Parse(Encoding.UTF8.GetBytes(Api), "request", out var problems)!;
        Assert.Empty(problems);
        var text = ChannelJson.ToText(channel);
        var again = ChannelJson.Parse(Encoding.UTF8.GetBytes(text), "settings", out _)!;
        Assert.Equal(text, ChannelJson.ToText(again));
        Assert.Equal((ChannelMode.Pair, WhenUnsure.Hold, 3, true), (again.Mode, again.WhenUnsure, again.MaxParts, again.Latin1));

        var exported = Load(SettingsJson.Export([channel], [])).Value!;
        Assert.Equal(text, ChannelJson.ToText(exported.Channels[0]));
    }

    [Fact]
    public void Any_input_ends_in_a_result()
    {
        var random = new Random(11);
        var sample = """{"Channels":[{"Name":"a","Kind":"smpp","Rate":1,"Prefixes":["46"]}],"Http":{"Listen":"127.0.0.1:1"}}"""u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = sample.ToArray();
            for (var k = random.Next(1, 4); k > 0; k--)
            {
                bytes[random.Next(bytes.Length)] = (byte)"{}[]\":,1aN \n\\"[random.Next(13)];
            }

            var problems = new List<ConfigurationProblem>();
            if (ConfigurationFile.Parse(bytes.AsSpan(0, random.Next(bytes.Length + 1)), "fuzz", problems) is { } node)
            {
                ConfigurationOverrides.Set(node, ["Channels:0:Rate=2", "Http:Listen:x=1"], problems);
                ChannelReader.Read(new SectionReader(node, "", problems));
            }

            Assert.NotEmpty(problems);
        }
    }

    private ConfigurationResult Load(string? json, params (string, string)[] environment) => ConfigurationLoader.Load(Sources(json, environment));

    private ConfigurationSources Sources(string? json, params (string Name, string Value)[] environment)
    {
        if (json is not null)
        {
            File.WriteAllText(Path.Combine(_directory, "strowger.json"), json);
        }

        return new ConfigurationSources
        {
            WorkingDirectory = _directory,
            Environment = environment.ToDictionary(pair => pair.Name, pair => pair.Value),
        };
    }
}

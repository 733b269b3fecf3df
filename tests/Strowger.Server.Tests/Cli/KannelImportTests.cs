using Strowger.Server.Cli;
using Strowger.Server.Configuration;

namespace Strowger.Server.Tests.Cli;

/// <summary><c>strowger import kannel</c>.</summary>
public sealed class KannelImportTests : IDisposable
{
    private const string TwoCarriers =
        """
        # an aggregator and a second carrier
        group = core
        admin-port = 13000
        admin-password = bar
        smsbox-port = 13001
        store-type = spool
        unified-prefix = "0046,+46,00,0"

        group = smsc
        smsc = smpp
        smsc-id = carrier a
        host = smpp.example.com
        port = 2775
        transceiver-mode = true
        smsc-username = user1
        smsc-password = "se\"cret # not a comment"
        system-type = "VMA"
        throughput = 50
        instances = 4
        max-pending-submits = 100
        enquire-link-interval = 15
        allowed-prefix = "0046;+47;040"
        msg-id-type = 0x01
        denied-smsc-id = b

        group = smsc
        smsc = smpp
        smsc-id = b
        host = 10.0.0.2
        port = 3700
        smsc-username = user2
        smsc-password = second

        group = smsc
        smsc = smpp
        smsc-id = b
        host = 10.0.0.2
        receive-port = 3700
        smsc-username = user2
        smsc-password = second

        group = smsc
        smsc = at
        modemtype = wavecom
        device = /dev/ttyS0

        group = smsbox
        bearerbox-host = localhost
        sendsms-port = 13013
        global-sender = 12345

        include = users.conf

        group = sms-service
        keyword = default
        get-url = "http://localhost/mo?p=%p"
        """;

    private const string Users =
        """
        group = sendsms-user
        username = tester
        password = foobar
        user-deny-ip = "*.*.*.*"
        user-allow-ip = "127.0.0.1;10.1.*.*"
        max-messages = 3

        group = sendsms-user
        username = b
        password = geheim
        faked-sender = Shop
        forced-smsc = b
        """;

    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Channels_and_users_become_a_configuration_that_serve_takes()
    {
        _cli.Write("users.conf", Users);
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("import", "kannel", _cli.Write("kannel.conf", TwoCarriers), "--write", "strowger.json"));
        Assert.Empty(_cli.Out);
        var configuration = Load("strowger.json");
        var (a, b) = (configuration.Channels[0], configuration.Channels[1]);
        Assert.Equal(("carrier-a", "smpp.example.com", 2775, "user1"), (a.Name, a.Host, a.Port, a.SystemId));
        Assert.Equal(("se\"cret # not a comment", "VMA", ChannelMode.Transceiver), (a.Password, a.SystemType, a.Mode));
        Assert.Equal((4, 100, 200.0, TimeSpan.FromSeconds(15)), (a.Binds, a.Window, a.Rate, a.EnquireLink));
        Assert.Equal(["46", "47"], a.Prefixes);
        Assert.Equal(("b", ChannelMode.Pair, 10, null), (b.Name, b.Mode, b.Window, b.Rate));
        Assert.Equal(2, configuration.Channels.Count);

        var (tester, other) = (configuration.Kannel.Users[0], configuration.Kannel.Users[1]);
        Assert.Equal(("tester", "foobar", "12345"), (tester.Username, tester.Password, tester.DefaultSender));
        Assert.Equal("127.0.0.1/32, 10.1.0.0/16", string.Join(", ", tester.Allow));
        Assert.Equal(("Shop", "b"), (other.ForcedSender, other.ForcedChannel));

        // What has no counterpart is named, each with its line and without passwords.
        foreach (var said in (string[])
            ["kannel.conf:3: admin-port = 13000: ", "kannel.conf:4: admin-password = (hidden): ", "kannel.conf:7: unified-prefix", "kannel.conf:24: denied-smsc-id = b: ", "kannel.conf:42: group = smsc, smsc = at: ", "users.conf:6: max-messages = 3: ", "get-url", "kannel.conf:22: the prefix 040 is national"])
        {
            Assert.Contains(said, _cli.Error, StringComparison.Ordinal);
        }

        foreach (var secret in (string[])["foobar", "geheim", "se\"cret", "second"])
        {
            Assert.DoesNotContain(secret, _cli.Error, StringComparison.Ordinal);
        }

        var mode = File.GetUnixFileMode(Path.Combine(_cli.Directory, "strowger.json"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);

        Assert.Equal(ExitCode.Failed, await _cli.RunAsync("import", "kannel", "kannel.conf", "--write", "strowger.json"));
        Assert.Contains("exists already", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_are_told_with_file_and_line_and_nothing_is_written()
    {
        _cli.Write("more.conf", "group = smsc\nsmsc = smpp\nport = 99999\nthroughput = fast\nsmsc-username = x\n\ninclude = kannel.conf\n");
        _cli.Write("kannel.conf", "group = core\nadmin-port 13000\n\ninclude = more.conf\n\ninclude = missing.conf\n\nport = 1\n\ngroup = sendsms-user\nusername = x\n");
        Assert.Equal(ExitCode.Configuration, await _cli.RunAsync("import", "kannel", "kannel.conf", "--write", "strowger.json"));
        foreach (var said in (string[])
            ["kannel.conf:2: there is no 'name = value'", "more.conf:3: port = 99999: ", "more.conf:4: throughput = fast: ", "more.conf:1: an smsc of kind smpp needs host", "more.conf:7: kannel.conf includes itself", "kannel.conf:6: missing.conf cannot be read", "kannel.conf:8: this stanza does not say which group", "kannel.conf:11: a sendsms-user needs username and password"])
        {
            Assert.Contains(said, _cli.Error, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(Path.Combine(_cli.Directory, "strowger.json")));
        Assert.Equal(ExitCode.Configuration, await _cli.RunAsync("import", "kannel", "nowhere.conf"));
        Assert.Contains("nowhere.conf", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_go_on_behind_a_backslash_and_a_directory_is_included_by_name()
    {
        Directory.CreateDirectory(Path.Combine(_cli.Directory, "conf.d"));
        _cli.Write("conf.d/2.conf", "group = smsc\nsmsc = smpp\nsmsc-id = late\nhost = h2\nport = 1\nsmsc-username = u\ntransceiver-mode = 1\n");
        _cli.Write("conf.d/1.conf", "group = smsc\r\nsmsc = smpp\r\nsmsc-id = early\r\nhost = h1\r\nport = 1\r\nsmsc-username = u\r\ntransceiver-mode = yes\r\nallowed-prefix = 46;\\\r\n47\r\n");
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("import", "kannel", _cli.Write("kannel.conf", "include = conf.d\n")));
        _cli.Write("strowger.json", _cli.Out);
        var channels = Load("strowger.json").Channels;
        Assert.Equal(["early", "late"], channels.Select(channel => channel.Name));
        Assert.Equal(["46", "47"], channels[0].Prefixes);
        Assert.All(channels, channel => Assert.Equal(ChannelMode.Transceiver, channel.Mode));
    }

    private ServerConfiguration Load(string file)
    {
        var result = ConfigurationLoader.Load(new ConfigurationSources { File = file, WorkingDirectory = _cli.Directory });
        Assert.Empty(result.Problems);
        return result.Value!;
    }
}

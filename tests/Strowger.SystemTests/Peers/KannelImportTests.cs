using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>The configuration that Debian's package of Kannel brings.</summary>
[Trait("needs", "peer")]
public sealed class KannelImportTests
{
    private const string Example = "/usr/share/doc/kannel/examples/kannel.conf";

    [Fact]
    public async Task The_packages_example_becomes_a_configuration_and_each_line_left_out_is_named()
    {
        Assert.True(File.Exists(Example), $"This test needs {Example}: run ./test, which installs it, or as root: apt-get install kannel");
        using var directory = new TempDirectory();
        var written = directory.File("strowger.json");

        var run = await Cli.RunAsync(["import", "kannel", Example, "--write", written]);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("sendsms user tester", run.Error, StringComparison.Ordinal);
        Assert.Contains("sendsms user kannel, only from 127.0.0.1/32", run.Error, StringComparison.Ordinal);
        Assert.Contains("admin-password = (hidden)", run.Error, StringComparison.Ordinal);
        Assert.Contains("There is no channel", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("rL4y", run.Error, StringComparison.Ordinal);
        Assert.Contains("rL4y", await File.ReadAllTextAsync(written), StringComparison.Ordinal);
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), written);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await http.GetAsync(new Uri(server.Address, "/cgi-bin/sendsms?username=tester&password=foobar&to=46701112233&from=12345&text=x"));
        Assert.Equal("403 Not routable. Do not try again.", $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}

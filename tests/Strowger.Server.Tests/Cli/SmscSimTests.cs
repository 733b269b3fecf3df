using System.Text.Json;
using Strowger.Server.Cli;

namespace Strowger.Server.Tests.Cli;

public sealed class SmscSimTests : IDisposable
{
    private readonly CliRun _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Every_option_is_a_setting_and_the_report_comes_last()
    {
        _cli.Input = "{\"cmd\":\"settings\"}\n{\"cmd\":\"stop\"}\n";
        Assert.Equal(ExitCode.Done, await _cli.RunAsync(
            "smsc-sim", "--listen", "localhost:0", "--control", "127.0.0.1:0", "--rate", "200", "--bucket", "50ms", "--source-rate", "3", "--source-day", "9", "--window", "10", "--window-closes", "--delay", "10ms",
            "--jitter", "1", "--receipt-delay", "2m", "--receipt-jitter", "3s", "--receipt-share", "0.5", "--fail-share", "0.25", "--receipt-ids", "leading-zeros",
            "--receipt-format", "no-blank", "--receipt-first", "--mean-disconnect", "1h", "--black-hole", "--refuse-binds", "0x0D", "--read-delay", "4ms",
            "--errors", "0x08:0.01,0x45:0.02", "--congestion", "85", "--mo-rate", "7", "--key-by-token", "--outages", "10s:5s,60s:2s", "--seed", "3"));
        var lines = _cli.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            """{"ok":true,"event":"settings","rate":200,"bucket":"00:00:00.0500000","source_rate":3,"source_day":9,"window":10,"window_closes":true,"delay":"00:00:00.0100000","jitter":"00:00:01","receipt_delay":"00:02:00","receipt_jitter":"00:00:03","receipt_share":0.5,"fail_share":0.25,"receipt_ids":5,"receipt_first":true,"receipt_format":3,"mean_disconnect":"01:00:00","black_hole":true,"refuse_binds":13,"read_delay":"00:00:00.0040000","errors":[{},{}],"congestion":85,"mo_rate":7,"key_by_token":true}""",
            lines[1]);
        Assert.Equal("ready", JsonDocument.Parse(lines[0]).RootElement.GetProperty("event").GetString());
        Assert.Equal(0, JsonDocument.Parse(lines[^1]).RootElement.GetProperty("submits").GetInt32());
    }

    [Fact]
    public async Task The_report_goes_to_a_file_when_asked()
    {
        _cli.Input = "{\"cmd\":\"stop\"}\n";
        Assert.Equal(ExitCode.Done, await _cli.RunAsync("smsc-sim", "--listen", "127.0.0.1:0", "--report", "end.json"));
        var report = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_cli.Directory, "end.json"), TestContext.Current.CancellationToken));
        Assert.True(report.RootElement.GetProperty("counting_complete").GetBoolean());
    }

    [Theory]
    [InlineData("--rate -1", "--rate is \"-1\"; allowed is 0 to 10000000")]
    [InlineData("--receipt-ids odd", "allowed is one of")]
    [InlineData("--congestion 101", "allowed is 0 to 100")]
    [InlineData("--tls-key key.pem", "--tls-certificate")]
    [InlineData("--tls-certificate nowhere.pem", "nowhere.pem")]
    [InlineData("--listen 2775x", "127.0.0.1:2775")]
    [InlineData("--outages 5s", "10s:5s")]
    public async Task What_cannot_be_is_told(string options, string expected)
    {
        Assert.Equal(ExitCode.Usage, await _cli.RunAsync(["smsc-sim", .. options.Split(' ')]));
        Assert.Contains(expected, _cli.Error, StringComparison.Ordinal);
    }
}

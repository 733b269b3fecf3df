using System.Globalization;
using System.Net;
using System.Text.Json;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>Debian's Prometheus scrapes the figures and gives them back.</summary>
[Trait("needs", "peer")]
public sealed class PrometheusTests
{
    private const int Count = 50;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_scrapes_the_figures()
    {
        using var directory = new TempDirectory();
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), directory.Write("strowger.json", Config.Of(Config.Discard("nowhere"))));
        using var api = server.Connect();
        (await api.BatchAsync(Texts.Lines(1, Count))).Expect(202);
        await api.EmptyAsync(_patience);

        var port = Ports.Free();
        var configuration = directory.Write("prometheus.yml", $$"""
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: strowger
                static_configs: [ { targets: [ "{{server.Address.Authority}}" ] } ]
            """);
        await using var prometheus = ChildProcess.Start(
            Peer.Need("prometheus", "prometheus"),
            [$"--config.file={configuration}", $"--storage.tsdb.path={directory.File("tsdb")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"]);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };

        Assert.Equal(Count, await ValueAsync(prometheus, http, "strowger_queue_done_total{queue=\"sms:default\"}"));
        Assert.Equal(1, await ValueAsync(prometheus, http, "strowger_ready"));
        Assert.Equal(1, await ValueAsync(prometheus, http, "strowger_channel_state{channel=\"nowhere\",state=\"up\"}"));
        Assert.InRange(await ValueAsync(prometheus, http, "histogram_quantile(0.5, strowger_journal_sync_seconds_bucket)"), 0, 5);
        Assert.Equal(1, await ValueAsync(prometheus, http, "up"));
    }

    /// <summary>Promtool is of the same package; it reads stricter than the server, and looks at names too.</summary>
    [Fact]
    public async Task Promtool_finds_nothing_to_complain_of()
    {
        using var directory = new TempDirectory();
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), directory.Write("strowger.json", Config.Of(Config.Discard("nowhere"))));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server.Address };
        await using var tool = ChildProcess.Start(Peer.Need("promtool", "prometheus"), ["check", "metrics"]);
        await tool.Input.WriteAsync(await http.GetStringAsync("/metrics"));
        tool.Input.Close();
        Assert.True(await tool.ExitAsync(_patience) == 0, tool.Error.Tail() + tool.Out.Tail());
    }

    private static async Task<double> ValueAsync(ChildProcess prometheus, HttpClient http, string query)
    {
        var value = await Eventually.GetAsync(
            query + " has a value", _patience,
            async () =>
            {
                Assert.False(prometheus.HasExited, prometheus.Error.Tail());
                try
                {
                    using var response = await http.GetAsync("/api/v1/query?query=" + Uri.EscapeDataString(query));
                    return response.StatusCode == HttpStatusCode.OK ? First(await response.Content.ReadAsStringAsync()) : null;
                }
                catch (HttpRequestException)
                {
                    return null;
                }
            },
            v => v is not null);
        return double.Parse(value!, CultureInfo.InvariantCulture);
    }

    private static string? First(string json)
    {
        using var document = JsonDocument.Parse(json);
        var result = document.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0 ? null : result[0].GetProperty("value")[1].GetString();
    }
}

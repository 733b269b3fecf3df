using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Strowger.Records.Settings;
using Strowger.Server.Http.Metrics;

namespace Strowger.Server.Tests.Http;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Metrics_are_read_without_a_key_here_and_with_one_through_a_proxy()
    {
        await using var server = await ServerFixture.StartAsync();
        await server.AcceptAsync();
        var now = DateTimeOffset.UtcNow;
        server.Settings.Alarms.Add(new AlarmRecord(0, "disk", "disk", AlarmState.Raised, "full", now, null, null, null, null, 1, now, 0));
        await server.UntilAsync("/v1/queues/sms:default", q => q.GetProperty("done_total").GetInt32() == 1);
        using var stranger = server.NewClient();
        using var forwarded = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        forwarded.Headers.Add("X-Forwarded-For", "198.51.100.7");

        using var response = await stranger.GetAsync("/metrics");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        await ServerFixture.ProblemAsync(await stranger.SendAsync(forwarded), HttpStatusCode.Unauthorized, "missing_key");
        Check(text);
        Assert.Contains("strowger_queue_done_total{queue=\"sms:default\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("strowger_channel_state{channel=\"nowhere\",state=\"up\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("strowger_projection_lag_seconds{projection=\"messages\"}", text, StringComparison.Ordinal);
        Assert.Contains("strowger_alarms_open{rule=\"disk\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("strowger_alarms_open{rule=\"bind_down\"} 0\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("46701234567", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_and_help_are_escaped()
    {
        var text = new MetricsText();
        text.Gauge("a", "one\\two\nthree");
        text.Sample(0.5, ("l", "x\"y\\z\n"));

        Assert.Equal("# HELP a one\\\\two\\nthree\n# TYPE a gauge\na{l=\"x\\\"y\\\\z\\n\"} 0.5\n", System.Text.Encoding.UTF8.GetString(text.ToBytes()));
    }

    /// <summary>Each line is one of the format's, each family stands in one piece, and each sample follows its own head.</summary>
    private static void Check(string text)
    {
        var families = new HashSet<string>();
        var family = "";
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                Assert.True(families.Add(family), line);
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Equal(family, line.Split(' ')[2]);
            }
            else
            {
                var match = Sample().Match(line);
                Assert.True(match.Success, line);
                Assert.Contains(match.Groups[1].Value, (string[])[family, family + "_bucket", family + "_sum", family + "_count"]);
                Assert.True(double.TryParse(match.Groups[2].Value, CultureInfo.InvariantCulture, out _), line);
            }
        }

        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }

    [GeneratedRegex("^([a-z_][a-z0-9_]*)(?:\\{[a-z]+=\"[^\"]*\"(?:,[a-z]+=\"[^\"]*\")*\\})? ([^ ]+)$")]
    private static partial Regex Sample();
}

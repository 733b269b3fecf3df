using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.SystemTests.Harness;
using Strowger.SystemTests.Peers;

namespace Strowger.SystemTests.Notifications;

/// <summary>Figures and spans as a collector gets them, decoded by OpenTelemetry's own schema (npm @opentelemetry/otlp-transformer 0.57.2).</summary>
[Trait("needs", "peer")]
public sealed class OtlpTests
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData("http", "http/protobuf")]
    [InlineData("grpc", "grpc")]
    public async Task A_collector_gets_the_figures_of_metrics_and_a_span_for_each_call(string way, string protocol)
    {
        using var directory = new TempDirectory();
        await using var collector = Peer.Node("otlp.js");
        var ready = await collector.EventAsync("ready");
        var config = JsonNode.Parse(Config.Of(new JsonObject { ["Name"] = "nowhere", ["Kind"] = "discard" }))!.AsObject();
        config["Telemetry"] = new JsonObject
        {
            ["Otlp"] = new JsonObject { ["Endpoint"] = ready.GetProperty(way).GetString(), ["Protocol"] = protocol, ["Headers"] = "x-key=hush", ["Every"] = "1s", ["Traces"] = 1 },
        };
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), directory.Write("strowger.json", config.ToJsonString()));
        using var api = server.Connect();
        var id = (await api.TextAsync("+46701234567", "hello")).Expect(202).Id!;
        using (var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = server.Address })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/messages/{id}");
            request.Headers.Add("Authorization", "Bearer " + StrowgerProcess.Key);
            request.Headers.Add("traceparent", Caller);
            using var answer = await http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }

        await Eventually.GetAsync("the text is counted", TimeSpan.FromSeconds(30), () => Task.FromResult(Done(collector)), done => done == 1);
        var last = collector.Events("metrics")[^1];
        Assert.Equal(("strowger", "hush"), (last.GetProperty("service").GetString(), last.GetProperty("key").GetString()));
        var points = last.GetProperty("points");
        Assert.True(points.GetProperty("strowger_queue_done_total")[0].GetProperty("monotonic").GetBoolean());
        Assert.Equal("up", points.GetProperty("strowger_channel_state")[0].GetProperty("labels").GetProperty("state").GetString());

        await collector.EventsAsync("span", 2);
        var spans = collector.Events("span");
        var taken = spans.Single(span => span.GetProperty("name").GetString() == "POST /v1/messages");
        Assert.Equal((string.Empty, 202), (taken.GetProperty("parent").GetString(), taken.GetProperty("attributes").GetProperty("http.response.status_code").GetInt32()));
        var asked = spans.Single(span => span.GetProperty("name").GetString() == "GET /v1/messages/{id}");
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"), (asked.GetProperty("trace").GetString(), asked.GetProperty("parent").GetString()));
        Assert.DoesNotContain(id, string.Concat(spans.Select(span => span.GetRawText())), StringComparison.Ordinal);
        Assert.Empty(collector.Events("strange"));

        // Nobody there any more holds no stop.
        collector.Process.Kill9();
        Assert.Equal(0, await server.StopAsync());
    }

    /// <summary>Texts done as the newest figures say.</summary>
    private static double Done(NodePeer collector) =>
        collector.Events("metrics") is [.., var last] && last.GetProperty("points").TryGetProperty("strowger_queue_done_total", out var queues)
            ? queues.EnumerateArray().Where(IsOfTexts).Sum(point => point.GetProperty("value").GetDouble())
            : 0;

    private static bool IsOfTexts(JsonElement point) => point.GetProperty("labels").GetProperty("queue").GetString()!.StartsWith("sms", StringComparison.Ordinal);
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Strowger.SystemTests.Harness;
using Strowger.SystemTests.Peers;

namespace Strowger.SystemTests.Notifications;

/// <summary>A carrier dies at night: who learns it, by what way, and what a kill of the server in between does to that.</summary>
[Trait("needs", "peer")]
public sealed partial class AlarmTests
{
    private const string Night = "+46701112233";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("starttls")]
    [InlineData("tls")]
    public async Task A_dead_carrier_is_told_by_mail_text_and_webhook_taken_by_a_reply_and_over_when_it_is_back(string security)
    {
        using var directory = new TempDirectory();
        await using var exim = await Exim.StartAsync();
        await using var listener = new WebhookListener();
        await using var troubled = await SimProcess.StartAsync();
        await using var quiet = await SimProcess.StartAsync();
        var config = directory.Write("strowger.json", Configuration(exim, security, listener, troubled, quiet));
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), config);
        using var api = server.Connect();
        var secret = (await api.PostAsync("/v1/webhooks", $$"""{"url":"{{listener.Url}}","types":["alarm.*"]}""")).Expect(201).Text("secret")!;
        await quiet.ReportAsync("both are bound", _patience, r => r.BindsNow == 1);
        await troubled.ReportAsync("both are bound", _patience, r => r.BindsNow == 1);
        await Eventually.GetAsync("somebody outside is called while all is well", _patience, () => Task.FromResult(listener.Pings), pings => pings > 0);

        troubled.Kill9();
        await Eventually.GetAsync("the alarm is raised", _patience, async () => (await OpenAsync(api)).Count, count => count == 1);
        server.Kill9();
        await server.RestartAsync();

        var mail = await exim.MailAsync("the alarm", m => m.Subject.Contains("ALARM 1", StringComparison.Ordinal));
        Assert.Contains("bind_down troubled", mail.Subject, StringComparison.Ordinal);
        Assert.Contains("the channel is down", mail.Text, StringComparison.Ordinal);
        await quiet.ReportAsync("a text about it went over the other channel", _patience, r => r.Distinct == 1);
        var raised = await PostAsync(listener, "alarm.raised");
        Assert.True(raised.IsSignedWith(secret));
        Assert.Equal("troubled", raised.Json.GetProperty("data").GetProperty("subject").GetString());
        using (var http = new HttpClient())
        {
            var link = Link().Match(mail.Text).Groups[1].Value;
            Assert.Contains("I take it", await http.GetStringAsync(link), StringComparison.Ordinal);
        }

        Assert.Equal("raised", (await api.GetAsync("/v1/alarms/1")).Expect(200).Text("state"));
        await quiet.TellAsync("""{"cmd":"mo","from":"46709999999","to":"12345","text":"A1"}""");
        await quiet.TellAsync("""{"cmd":"mo","from":"46701112233","to":"12345","text":"a1 on it"}""");
        var taken = await Eventually.GetAsync("it is taken", _patience, () => api.GetAsync("/v1/alarms/1"), a => a.Text("state") == "acknowledged");
        Assert.Equal("+4670*****33", taken.Text("acknowledged_by"));
        await PostAsync(listener, "alarm.acknowledged");

        await troubled.RestartAsync();
        await Eventually.GetAsync("it is over", _patience, () => api.GetAsync("/v1/alarms/1"), a => a.Text("state") == "cleared");
        await exim.MailAsync("that it is over", m => m.Subject.Contains("OK 1", StringComparison.Ordinal));
        await PostAsync(listener, "alarm.cleared");
        await quiet.ReportAsync("that it is over by text", _patience, r => r.Distinct == 2);
        Assert.Equal(2, (await exim.MailsAsync()).Select(m => m.Subject).Distinct().Count());
        Assert.Equal(3, listener.Posts.Select(p => p.Id).Distinct().Count());
        Assert.All(listener.Posts, post => Assert.True(post.IsSignedWith(secret)));
        var audit = (await api.GetAsync("/v1/audit?limit=1000")).Expect(200).Body.GetProperty("data").EnumerateArray().Select(e => e.GetProperty("action").GetString()).ToArray();
        Assert.Contains("alarm.raise", audit);
        Assert.Contains("alarm.acknowledge", audit);
        Assert.Contains("alarm.clear", audit);
    }

    private static async Task<IReadOnlyList<string>> OpenAsync(Api api) =>
        [.. (await api.GetAsync("/v1/alarms?state=open")).Expect(200).Body.GetProperty("data").EnumerateArray().Select(a => a.GetProperty("subject").GetString()!)];

    private static Task<WebhookPost> PostAsync(WebhookListener listener, string type) => Eventually.GetAsync(
        $"a post of {type}", _patience, () => Task.FromResult(listener.Posts.FirstOrDefault(p => p.Type == type)!), post => post is not null);

    private static string Configuration(Exim exim, string security, WebhookListener listener, SimProcess troubled, SimProcess quiet)
    {
        var config = JsonNode.Parse(Config.Of(
            Config.Smpp("troubled", troubled.Port, ("Prefixes", new JsonArray("46"))),
            Config.Smpp("quiet", quiet.Port, ("Prefixes", new JsonArray("47")))))!.AsObject();
        config["Webhooks"] = new JsonObject { ["AllowPrivate"] = true, ["FirstRetry"] = "200ms" };
        config["Mail"] = new JsonObject
        {
            ["Host"] = "localhost",
            ["Port"] = security == "tls" ? exim.TlsPort : exim.StartTlsPort,
            ["Security"] = security,
            ["TrustedCertificate"] = exim.Certificate,
            ["User"] = Exim.User,
            ["Password"] = Exim.Password,
            ["From"] = "strowger@example.com",
            ["FirstRetry"] = "200ms",
        };
        config["Alarms"] = new JsonObject
        {
            ["TextTo"] = new JsonArray(Night),
            ["TextFrom"] = "12345",
            ["MailTo"] = new JsonArray("night@example.com"),
            ["Ping"] = listener.Url,
            ["Every"] = "200ms",
            ["ClearAfter"] = "500ms",
            ["Rules"] = new JsonObject
            {
                ["BindDown"] = new JsonObject { ["After"] = "1s" },
                ["Disk"] = new JsonObject { ["Enabled"] = false },
            },
        };
        return config.ToJsonString();
    }

    [GeneratedRegex(@"take it: (\S+)")]
    private static partial Regex Link();
}

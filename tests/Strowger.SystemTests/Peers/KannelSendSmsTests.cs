using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Strowger.SystemTests.Harness;

namespace Strowger.SystemTests.Peers;

/// <summary>The same sendsms requests to Kannel's smsbox and to us: a program that changes the address only sees no difference.</summary>
[Trait("needs", "peer")]
public sealed class KannelSendSmsTests
{
    private const string Good = "username=tester&password=secret&from=12345&to=46701112233&text=Hello+there";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Good_and_bad_requests_get_the_same_answers_and_reports_arrive_with_the_same_values()
    {
        await using var sim = await SimProcess.StartAsync("--system-id", "kannel", "--password", "secret", "--receipt-delay", "100ms");
        await using var ours = await SimProcess.StartAsync("--receipt-delay", "100ms");
        await using var reports = new ReportListener();
        await using var kannel = await Kannel.StartAsync(sim.Port);
        using var directory = new TempDirectory();
        var configuration = JsonNode.Parse(Config.Of(Config.Smpp("strowger", ours.Port)))!.AsObject();
        configuration["Kannel"] = new JsonObject { ["SendSms"] = new JsonObject { ["Users"] = new JsonArray(new JsonObject { ["Username"] = "tester", ["Password"] = "secret" }) } };
        configuration["Webhooks"] = new JsonObject { ["Allow"] = new JsonArray("127.0.0.1") };
        await using var server = await StrowgerProcess.StartAsync(directory.File("data"), directory.Write("strowger.json", configuration.ToJsonString()));
        await kannel.ReadyToSendAsync();
        await sim.ReportAsync("bearerbox has bound", _patience, r => r.BindsNow == 1);
        await ours.ReportAsync("Strowger has bound", _patience, r => r.BindsNow == 1);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        foreach (var query in (string[])
            [
                Good,
                Good + "&coding=0&priority=3&validity=60&dlr-mask=31&charset=UTF-8",
                Good + "&charset=ISO-8859-1&text=%E5",
                "user=tester&pass=secret&from=Shop&to=46701112233+46701112234&text=two",
                "username=tester&password=secret&from=12345&to=0046701112233&text=%00%41&coding=2",
                "username=tester&password=secret&from=12345&to=46701112233&text=%DE%AD%BE%EF&coding=1",
                "username=tester&password=wrong&from=12345&to=46701112233&text=x",
                "username=nobody&password=secret&from=12345&to=46701112233&text=x",
                "from=12345&to=46701112233&text=x",
                "username=tester&password=secret&from=12345&text=x",
                "username=tester&password=secret&from=12345&to=&text=x",
                "username=tester&password=secret&from=12345&to=abc&text=x",
                "username=tester&password=secret&to=46701112233&text=x",
                Good + "&coding=7",
                Good + "&priority=9",
                Good + "&mclass=9",
                Good + "&dlr-url=nonsense&dlr-mask=31",
                Good + "&dlr-mask=700",
                Good + "&charset=klingon",
                Good + "&udh=%05%00",
                Good + "&validity=-5",
            ])
        {
            var theirs = await AskAsync(http, kannel.SendSms, query);
            Assert.Equal((query, theirs), (query, await AskAsync(http, new Uri(server.Address, "/cgi-bin/sendsms"), query)));
        }

        // The same values in the reports, but for ids and times of their own.
        var url = Uri.EscapeDataString(reports.Url + "who?type=%d&to=%p&from=%P&smsc=%i&user=%n&answer=%A&foreign=%F&at=%T&id=%I&kept=%20");
        foreach (var (who, door) in ((string, Uri)[])[("kannel", kannel.SendSms), ("ours", new Uri(server.Address, "/cgi-bin/sendsms"))])
        {
            Assert.Equal("202 0:", await AskAsync(http, door, $"{Good}&dlr-mask=31&dlr-url={url.Replace("who", who, StringComparison.Ordinal)}"));
        }

        foreach (var who in (string[])["kannel", "ours"])
        {
            await Eventually.TrueAsync($"{who} reports 8 and 1", _patience, () => Task.FromResult(reports.Of(who, "8") is not null && reports.Of(who, "1") is not null));
        }

        foreach (var type in (string[])["8", "1"])
        {
            var (theirs, mine) = (reports.Of("kannel", type)!, reports.Of("ours", type)!);
            foreach (var same in (string[])["type", "to", "from", "smsc", "kept"])
            {
                Assert.Equal((same, theirs[same]), (same, mine[same]));
            }

            Assert.NotEmpty(mine["foreign"]!);
            Assert.StartsWith("msg_", mine["id"]!, StringComparison.Ordinal);
            Assert.True(long.Parse(mine["at"]!, CultureInfo.InvariantCulture) > 1_700_000_000);
            Assert.Equal("tester", mine["user"]);
            Assert.Equal(theirs["answer"]![..3], mine["answer"]![..3]);
        }
    }

    /// <summary>Status and the body's first word: the rest is for people.</summary>
    private static async Task<string> AskAsync(HttpClient http, Uri door, string query)
    {
        using var answer = await http.GetAsync($"{door}?{query}");
        var words = await answer.Content.ReadAsStringAsync();
        return string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode} {words.Split(' ')[0]}");
    }

    /// <summary>Takes reports by GET.</summary>
    private sealed class ReportListener : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _run;
        private readonly ConcurrentQueue<(string Who, System.Collections.Specialized.NameValueCollection Values)> _reports = new();

        public ReportListener()
        {
            Url = $"http://127.0.0.1:{Ports.Free()}/";
            _listener.Prefixes.Add(Url);
            _listener.Start();
            _run = Task.Run(RunAsync);
        }

        public string Url { get; }

        public System.Collections.Specialized.NameValueCollection? Of(string who, string type) =>
            _reports.FirstOrDefault(report => report.Who == who && report.Values["type"] == type).Values;

        public async ValueTask DisposeAsync()
        {
            _listener.Close();
            await _run;
        }

        private async Task RunAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    _reports.Enqueue((context.Request.Url!.AbsolutePath.Trim('/'), context.Request.QueryString));
                    context.Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Closed.
            }
        }
    }
}

using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Tests.Http;

/// <summary>What is written about the API is what is served.</summary>
public sealed partial class DescriptionTests
{
    [Fact]
    public async Task Every_call_is_described_and_nothing_else_is()
    {
        await using var server = await ServerFixture.StartAsync();
        using var stranger = server.NewClient();

        var document = await ServerFixture.ReadAsync(await stranger.GetAsync("/openapi/v1.json"), HttpStatusCode.OK);

        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        var served = server.Api.Routes.Select(route => $"{route.Method} {route.Pattern}").Concat(server.Api.OpenRoutes.Select(route => $"{route.Method} {route.Pattern}"));
        Assert.Equal(served.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        foreach (var route in server.Api.Routes)
        {
            var operation = document.GetProperty("paths").GetProperty(route.Pattern).GetProperty(route.Method.ToLowerInvariant());
            Assert.Contains($"`{route.Right}`", operation.GetProperty("description").GetString(), StringComparison.Ordinal);
        }

        var codes = document.GetProperty("components").GetProperty("schemas").GetProperty("Problem").GetProperty("properties").GetProperty("code").GetProperty("enum");
        Assert.Equal(ErrorCatalogue.All.Select(error => error.Code), codes.EnumerateArray().Select(code => code.GetString()!));
    }

    [Fact]
    public async Task Every_reference_within_the_description_leads_somewhere_and_every_id_is_its_own()
    {
        await using var server = await ServerFixture.StartAsync();
        var document = await server.GetAsync("/openapi/v1.json");
        var ids = new List<string>();

        Visit(document, element =>
        {
            if (element.TryGetProperty("$ref", out var reference))
            {
                var at = document;
                foreach (var name in reference.GetString()!.Split('/').Skip(1))
                {
                    at = at.GetProperty(name);
                }
            }

            if (element.TryGetProperty("operationId", out var id))
            {
                ids.Add(id.GetString()!);
            }
        });

        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task Answers_have_the_members_that_are_described_and_no_others()
    {
        await using var server = await ServerFixture.StartAsync();
        var document = await server.GetAsync("/openapi/v1.json");
        var accepted = await ServerFixture.ReadAsync(await server.SendAsync(ServerFixture.Message()), HttpStatusCode.Accepted);
        var id = accepted.GetProperty("id").GetString();
        await server.UntilAsync("/v1/messages?status=sent", page => page.GetProperty("data").GetArrayLength() == 1);
        await server.CallAsync(HttpMethod.Post, "/v1/channels", """{"name":"a","kind":"smpp","host":"127.0.0.1","port":1,"system_id":"me"}""", HttpStatusCode.Created);
        await server.CallAsync(HttpMethod.Post, "/v1/keys", """{"name":"k"}""", HttpStatusCode.Created);
        var webhook = await server.CallAsync(HttpMethod.Post, "/v1/webhooks", """{"url":"https://192.0.2.1/"}""", HttpStatusCode.Created);
        await server.CallAsync(HttpMethod.Post, $"/v1/webhooks/{webhook.GetProperty("id").GetString()}/test", null, HttpStatusCode.Accepted);
        await server.UntilAsync("/v1/webhooks/deliveries", page => page.GetProperty("data").GetArrayLength() > 0);
        await server.CallAsync(HttpMethod.Post, "/v1/alarms/test", null, HttpStatusCode.Accepted);
        var until = DateTimeOffset.UtcNow.AddHours(1).ToString("O");
        await server.CallAsync(HttpMethod.Post, "/v1/alarms/mutes", $$"""{"until":"{{until}}"}""", HttpStatusCode.Created);

        Check(document, "Accepted", accepted);
        Check(document, "Message", await server.GetAsync($"/v1/messages/{id}"));
        Check(document, "MessageSummary", await FirstAsync(server, "/v1/messages"));
        Check(document, "InboundText", await FirstAsync(server, "/v1/inbound"));
        Check(document, "Channel", await server.GetAsync("/v1/channels/a"));
        Check(document, "ChannelTest", await server.CallAsync(HttpMethod.Post, "/v1/channels/nowhere/test", """{"to":"+46701234567"}"""));
        Check(document, "Queue", await FirstAsync(server, "/v1/queues"));
        var job = await server.CallAsync(HttpMethod.Post, "/v1/queues/q/jobs", """{"body":1}""", HttpStatusCode.Accepted);
        Check(document, "AcceptedJob", job);
        Check(document, "AcceptedJobs", await server.CallAsync(HttpMethod.Post, "/v1/queues/q/jobs", """[{"body":2},{"bady":3}]""", HttpStatusCode.Accepted));
        Check(document, "Queue", await server.GetAsync("/v1/queues/q"));
        Check(document, "LeasedJob", (await server.CallAsync(HttpMethod.Post, "/v1/queues/q/lease", "{}")).GetProperty("data")[0]);
        Check(document, "Job", await server.GetAsync("/v1/jobs/" + job.GetProperty("id").GetString()));
        Check(document, "Event", await FirstAsync(server, "/v1/events"));
        Check(document, "Key", await FirstAsync(server, "/v1/keys"));
        Check(document, "Webhook", await FirstAsync(server, "/v1/webhooks"));
        Check(document, "Delivery", await FirstAsync(server, "/v1/webhooks/deliveries"));
        Check(document, "Alarm", await FirstAsync(server, "/v1/alarms"));
        Check(document, "AlarmRule", await FirstAsync(server, "/v1/alarms/rules"));
        Check(document, "AlarmMute", await FirstAsync(server, "/v1/alarms/mutes"));
        Check(document, "Plan", await server.GetAsync("/v1/plan?subscribers=10&channels=100"));
        Check(document, "Lateness", await server.GetAsync("/v1/plan/lateness"));
        Check(document, "AuditEntry", await FirstAsync(server, "/v1/audit"));
        using var form = new MultipartFormDataContent { { ServerFixture.Json("""{"name":"n","from":"12345","text":"x","window":{"start":"00:00","end":"23:59","time_zone":"Europe/Stockholm"}}"""), "campaign" }, { new StringContent("to\n+46701234567\n1\n"), "file", "f" } };
        var made = await ServerFixture.ReadAsync(await server.Client.PostAsync("/v1/campaigns", form), HttpStatusCode.Accepted);
        Check(document, "CampaignMade", made);
        Check(document, "CampaignDetail", await server.GetAsync("/v1/campaigns/" + made.GetProperty("id").GetString()));
        Check(document, "Campaign", await FirstAsync(server, "/v1/campaigns"));
        Check(document, "Health", await server.GetAsync("/health/ready"));
        Check(document, "BatchResult", await ServerFixture.ReadAsync(await server.Client.PostAsync("/v1/messages/batch", ServerFixture.Lines(ServerFixture.Message())), HttpStatusCode.Accepted));
        Check(document, "Problem", await ServerFixture.ProblemAsync(await server.SendAsync("{}"), HttpStatusCode.UnprocessableEntity, "missing_field", "to"));
    }

    /// <summary>Codes are spelt out where mistakes are found: each must be in the catalogue, with the same status.</summary>
    [Fact]
    public void Every_code_that_the_sources_name_is_in_the_catalogue()
    {
        var product = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../src/Product"));
        var found = 0;
        string[] features = ["Messaging", "Campaigns"];
        foreach (var file in features.SelectMany(feature => Directory.EnumerateFiles(Path.Combine(product, "Strowger.Features", feature), "*.cs", SearchOption.AllDirectories)))
        {
            var text = File.ReadAllText(file);
            foreach (Match match in Constructed().Matches(text))
            {
                found++;
                Assert.Equal(match.Groups[1].Value, ErrorCatalogue.Find(match.Groups[2].Value)?.Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            foreach (Match match in OfField().Matches(text))
            {
                found++;
                Assert.Equal(422, ErrorCatalogue.Find(match.Groups[1].Value)?.Status);
            }
        }

        Assert.True(found > 20);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(product, "Strowger.Features/Jobs"), "*.cs"))
        {
            foreach (Match match in OfJob().Matches(File.ReadAllText(file)))
            {
                Assert.True(ErrorCatalogue.Find(match.Groups[1].Value) is not null, match.Value);
            }
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(product, "Strowger.Server/Http"), "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match match in OfProblem().Matches(File.ReadAllText(file)))
            {
                Assert.NotNull(ErrorCatalogue.Find(match.Groups[1].Value));
            }
        }

        Assert.Equal(ErrorCatalogue.All.Count, ErrorCatalogue.All.Select(error => error.Code).Distinct().Count());
    }

    [GeneratedRegex("(?:RequestError|new)\\((\\d{3}), \"([a-z_]+)\"")]
    private static partial Regex Constructed();

    [GeneratedRegex("RequestError\\.Of\\([^,\"]*(?:\"[a-z_]+\"|MessageFields\\.Name\\(field\\)),\\s*\"([a-z_]+)\"")]
    private static partial Regex OfField();

    [GeneratedRegex("(?:new JobProblem\\(|JobProblem\\.Of\\([a-z_\"]+, |Fail\\([a-z_\"]+, )\"([a-z_]+)\"")]
    private static partial Regex OfJob();

    [GeneratedRegex("Problem\\.Of\\(\"([a-z_]+)\"")]
    private static partial Regex OfProblem();

    [Fact]
    public void The_guide_lists_the_catalogue_as_it_is()
    {
        var guide = File.ReadAllLines(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs/http-api.md")));

        Assert.Equal(
            ErrorCatalogue.All.Select(error => $"| {error.Status} | `{error.Code}` | {error.Title} |"),
            guide.Where(line => line.Contains("| `", StringComparison.Ordinal)));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static async Task<JsonElement> FirstAsync(ServerFixture server, string path) => (await server.GetAsync(path)).GetProperty("data")[0];

    private static void Check(JsonElement document, string schema, JsonElement answer)
    {
        var described = document.GetProperty("components").GetProperty("schemas").GetProperty(schema);
        var names = described.GetProperty("properties").EnumerateObject().Select(property => property.Name).ToArray();
        foreach (var member in answer.EnumerateObject())
        {
            Assert.True(names.Contains(member.Name), $"{schema} is served with '{member.Name}', which is not described");
        }

        foreach (var required in described.GetProperty("required").EnumerateArray())
        {
            Assert.True(answer.TryGetProperty(required.GetString()!, out _), $"{schema} is served without '{required}'");
        }
    }

    private static void Visit(JsonElement element, Action<JsonElement> visit)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            visit(element);
            foreach (var member in element.EnumerateObject())
            {
                Visit(member.Value, visit);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Visit(item, visit);
            }
        }
    }
}

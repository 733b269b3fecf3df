using System.Net;
using System.Text.Json;
using Strowger.Server.Tests.Http;

namespace Strowger.Server.Tests.Planning;

/// <summary><c>GET /v1/plan</c> and <c>GET /v1/plan/lateness</c>.</summary>
public sealed class PlanTests
{
    [Fact]
    public async Task A_plan_over_named_channels_answers_in_words_and_figures()
    {
        await using var server = await ServerFixture.StartAsync();

        var plan = await server.GetAsync("/v1/plan?subscribers=2000&codes=5&channels=a%3D200/2/50/80ms&price=0.05&limit=5");

        Assert.Equal("a", plan.GetProperty("channels")[0].GetProperty("name").GetString());
        Assert.Equal(100, plan.GetProperty("cost").GetDouble());
        Assert.InRange(Figure(plan, "last_handed_over").GetProperty("simulated_s").GetDouble(), 9.5, 11.5);
        Assert.InRange(plan.GetProperty("enough").GetProperty("rate").GetDouble(), 400, 420);
        Assert.StartsWith("The last of 2,000 texts", plan.GetProperty("says")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_channels_it_plans_with_those_that_run()
    {
        await using var server = await ServerFixture.StartAsync();

        var plan = await server.GetAsync("/v1/plan?subscribers=100");

        Assert.Equal("nowhere", plan.GetProperty("channels")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("subscribers=1&channels=a", "channels")]
    [InlineData("subscribers=1&channels=1/0/50/80ms", "plan")]
    [InlineData("channels=1", "plan")]
    [InlineData("subscribers=1&codes=x", "codes")]
    [InlineData("subscriber=1", "subscriber")]
    public async Task A_mistake_is_refused_and_named(string query, string field)
    {
        await using var server = await ServerFixture.StartAsync();

        var answer = await server.Client.GetAsync("/v1/plan?" + query, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(field, (await ServerFixture.ReadAsync(answer, HttpStatusCode.UnprocessableEntity)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task Lateness_is_told_by_channel_and_by_where_it_arises()
    {
        await using var server = await ServerFixture.StartAsync();
        var made = DateTime.UtcNow.AddSeconds(-90).ToString("O");
        await ServerFixture.ReadAsync(await server.SendAsync(ServerFixture.Message(more: $",\"generated_at\":\"{made}\"")), HttpStatusCode.Accepted);
        await server.UntilAsync("/v1/messages?status=sent", page => page.GetProperty("data").GetArrayLength() == 1);

        var lateness = await server.UntilAsync("/v1/plan/lateness?minutes=5", page => page.GetProperty("seen").GetInt64() == 1);

        Assert.Contains("before us", lateness.GetProperty("says").GetString(), StringComparison.Ordinal);
        var legs = lateness.GetProperty("channels")[0];
        Assert.Equal("nowhere", legs.GetProperty("channel").GetString());
        Assert.Equal(["before_us", "waiting", "carrier", "handset"], legs.GetProperty("legs").EnumerateArray().Select(leg => leg.GetProperty("leg").GetString()));
        Assert.InRange(legs.GetProperty("legs")[0].GetProperty("p50_s").GetDouble(), 89, 600);
        Assert.Equal(1, legs.GetProperty("legs")[1].GetProperty("count").GetInt64());
        Assert.Equal(0, legs.GetProperty("legs")[3].GetProperty("count").GetInt64());
    }

    private static JsonElement Figure(JsonElement plan, string name) =>
        plan.GetProperty("figures").EnumerateArray().Single(figure => figure.GetProperty("name").GetString() == name);
}

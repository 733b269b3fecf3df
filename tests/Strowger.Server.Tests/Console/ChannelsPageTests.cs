using System.Net;
using System.Text.Json;
using Strowger.Features.Access;
using Strowger.Features.Jobs;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

public sealed class ChannelsPageTests : IAsyncLifetime
{
    private readonly ConsoleFixture _console = new();

    public async ValueTask InitializeAsync() => await _console.SignInAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_channel_is_added_changed_paused_tested_and_removed()
    {
        var page = await _console.DoAsync("/channels/add", null, ("name", "spare"), ("kind", "discard"), ("rate", "1 000,5"));
        Assert.Contains("spare was added.", page, StringComparison.Ordinal);
        Assert.Equal(1000.5, _console.Channels.Find("spare")!.Settings.Rate);

        Assert.Contains("spare was changed", await _console.DoAsync("/channels/spare/change", null, ("rate", "2000")), StringComparison.Ordinal);
        Assert.Equal(2000, _console.Channels.Find("spare")!.Settings.Rate);
        Assert.Contains("many is not a number.", await _console.DoAsync("/channels/spare/change", null, ("rate", "many")), StringComparison.Ordinal);
        await _console.DoAsync("/channels/spare/change", null, ("rate", ""));
        Assert.Null(_console.Channels.Find("spare")!.Settings.Rate);

        await _console.DoAsync("/channels/spare/pause");
        Assert.True(_console.Channels.Find("spare")!.Stage.IsPaused);
        await _console.DoAsync("/channels/spare/resume");
        Assert.False(_console.Channels.Find("spare")!.Stage.IsPaused);
        Assert.Contains("The channel works.", await _console.DoAsync("/channels/spare/test", null, ("to", "+46 70 123 45 67")), StringComparison.Ordinal);

        Assert.Contains("type the channel's name", await _console.DoAsync("/channels/spare/remove", null, ("confirm", "other")), StringComparison.Ordinal);
        Assert.Contains("spare was removed.", await _console.DoAsync("/channels/spare/remove", null, ("confirm", "spare")), StringComparison.Ordinal);
        Assert.Null(_console.Channels.Find("spare"));
        await _console.PageAsync("/channels/spare", status: HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_was_typed_stays_when_something_is_wrong()
    {
        var page = await _console.DoAsync("/channels/add", null, ("name", "carrier"), ("kind", "smpp"), ("system_id", "us"));
        Assert.Contains("role=\"alert\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"us\"", page, StringComparison.Ordinal);
        Assert.Empty(_console.Channels.All);
    }

    [Fact]
    public async Task A_change_is_in_the_audit_and_put_back()
    {
        await _console.AddChannelAsync();
        await _console.DoAsync("/channels/nowhere/change", null, ("rate", "7"));
        var entry = _console.Settings.Audit.List().First(e => e.Action == "channel.change");
        Assert.Contains("Rate – → 7", await _console.PageAsync("/settings/audit"), StringComparison.Ordinal);
        Assert.Contains("nowhere is as it was before.", await _console.DoAsync("/settings/audit/undo", null, ("id", entry.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))), StringComparison.Ordinal);
        Assert.Null(_console.Channels.Find("nowhere")!.Settings.Rate);
    }

    [Fact]
    public async Task Support_sees_channels_and_touches_nothing()
    {
        await _console.AddChannelAsync();
        using var support = await _console.SignedInAsync(Role.Support);
        var page = await _console.PageSaysAsync("/channels", "href=\"/channels/nowhere\"", support);
        Assert.DoesNotContain("/pause", page, StringComparison.Ordinal);
        Assert.DoesNotContain("/change", await _console.PageAsync("/channels/nowhere", support), StringComparison.Ordinal);
        await _console.PageAsync("/channels/add", support, HttpStatusCode.Forbidden);
        foreach (var path in new[] { "/channels/nowhere/pause", "/channels/nowhere/change", "/channels/nowhere/remove", "/channels/nowhere/test", "/work/sms:default/pause", "/settings/keys", "/settings/users/add", "/settings/audit/undo" })
        {
            using var refused = await ConsoleFixture.PostAsync(support, path, await ConsoleFixture.FormOfAsync(support, "/"));
            Assert.True(refused.StatusCode == HttpStatusCode.Forbidden, path);
        }
    }

    [Fact]
    public async Task The_stream_tells_the_pages_numbers_in_their_language()
    {
        await _console.AddChannelAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/console/live?topic=channels");
        using var answer = await _console.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var data = await ConsoleFixture.ReadUntilAsync(reader, (name, data) => name == "values" && data.Contains("c-nowhere.used", StringComparison.Ordinal));
        using var values = JsonDocument.Parse(data);
        Assert.Equal("0", values.RootElement.GetProperty("values").GetProperty("c-nowhere.waiting").GetString());
    }

    [Fact]
    public async Task A_job_is_found_said_why_it_waits_and_cancelled()
    {
        Assert.Null(_console.Jobs.Queues.Open("reports", out var queue));
        Assert.Null(JobRequestParser.Parse("""{"body":{"report":"<b>17</b>"}}"""u8.ToArray(), _console.Jobs.NowMs, out var request));
        var accepted = await _console.Jobs.EnqueueAsync(queue, request, default, 0);
        var name = JobName.Of(accepted.Id);
        using var found = await _console.Http.GetAsync("/work/jobs?id=" + name);
        Assert.Equal("/work/jobs/" + name, found.Headers.Location!.ToString());
        var page = await _console.PageAsync("/work/jobs/" + name);
        Assert.Contains("It waits in reports.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>17", await _console.Http.GetStringAsync("/work/jobs/" + name), StringComparison.Ordinal);
        await _console.PageSaysAsync("/work", "speed-q-reports");
        await _console.DoAsync("/work/reports/speed", null, ("width", "3"), ("rate", "2,5"));
        Assert.Equal((3, 2.5), (queue.Settings.Width, queue.Settings.Rate));
        Assert.Contains("A width is 0 to", await _console.DoAsync("/work/reports/speed", null, ("width", "-3")), StringComparison.Ordinal);
        Assert.Contains("It was cancelled before anybody did it.", await _console.DoAsync($"/work/jobs/{name}/cancel"), StringComparison.Ordinal);
        await _console.PageAsync("/work/jobs/job_0000000000zzz", status: HttpStatusCode.NotFound);
    }

    [Fact]
    public void A_bind_that_takes_far_less_than_the_others_is_named()
    {
        var flow = Flows.Channel() with
        {
            Waiting = 1000,
            Used = 110,
            Binds = [new BindFlow(1, true, "bound", null, 20, 100) { Used = 100 }, new BindFlow(2, true, "bound", null, 100, 100) { Used = 10 }],
        };
        var sentence = ChannelSentence.Of(Language.English, [flow]);
        Assert.Equal("bind 2 of carrier-a takes only 10 a second; its other binds take 100 each.", sentence.ToText(TimeZoneInfo.Utc));
        Assert.Equal("bind 2 of carrier-a takes only 10 a second; its other binds take 100 each.", ChannelSentence.Of(Language.English, [flow, Flows.Channel() with { Name = "b" }]).ToText(TimeZoneInfo.Utc));
    }

    [Theory]
    [InlineData(2, 4975, 10, "1,000 texts wait; how much of the contract goes out is known in a few seconds.", null)]
    [InlineData(20, 4975, 10, "carrier-a is full: 4,975 of 5,000 a second, 99.5 % of the contract.", null)]
    [InlineData(20, 2000, 200, "carrier-a gives only 40 % of its contract, 2,000 of 5,000 a second, although texts wait.", "Its windows are full: the carrier answers after 12 ms. More binds or a larger window help.")]
    [InlineData(20, 2000, 10, "carrier-a gives only 40 % of its contract, 2,000 of 5,000 a second, although texts wait.", "Its windows have room: the limit is on this side.")]
    public void Whether_the_contract_is_used_is_said(int busySeconds, double used, int inFlight, string sentence, string? detail)
    {
        var flow = Flows.Channel() with { Waiting = 1000, Used = used, Width = 200, InFlight = inFlight, RoundTripMs = 12, BusyFor = TimeSpan.FromSeconds(busySeconds) };
        var said = ChannelSentence.Of(Language.English, [flow]);
        Assert.Equal((sentence, detail), (said.ToText(TimeZoneInfo.Utc), said.Detail));
    }

    [Fact]
    public async Task Queues_are_paused_and_bounded()
    {
        await _console.AddChannelAsync();
        await _console.SendAsync("""{"to":"+46701234567","from":"Shop","text":"hi"}""");
        await _console.PageSaysAsync("/work", "sms:default");
        await _console.DoAsync("/work/sms:default/pause");
        Assert.True(_console.Engine.GetQueue("sms:default")!.Paused);
        var id = await _console.SendAsync("""{"to":"+46701234567","from":"Shop","text":"hi"}""");
        await _console.PageSaysAsync($"/messages/{id}", "It waits because its queue, sms:default, is paused.");
        await _console.DoAsync("/work/sms:default/resume");
        Assert.Contains("takes 5,000 from now on", await _console.DoAsync("/work/sms:default/bound", null, ("bound", "5,000")), StringComparison.Ordinal);
        Assert.Equal(5000, _console.Engine.GetQueue("sms:default")!.Bound);
    }
}

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
    public async Task All_settings_are_changed_on_one_form_and_what_is_emptied_is_as_by_default()
    {
        await _console.DoAsync("/channels/add", null, ("name", "carrier"), ("kind", "smpp"), ("host", "127.0.0.1"), ("port", "9"), ("system_id", "us"), ("password", "secret"));
        var form = await _console.PageAsync("/channels/carrier/settings");
        Assert.Contains("<option value=\"udh\" selected", form, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", form, StringComparison.Ordinal);
        (string, string)[] asked =
        [
            ("host", "127.0.0.1"), ("port", "10"), ("system_id", "us"), ("password", ""), ("rate", "12,5"), ("prefixes", "46, 47"), ("long_messages", "sar"), ("national_languages", "tr"), ("national_languages", "es"),
            ("max_parts", ""), ("latin1", "true"), ("when_unsure", "hold"), ("bucket", "1s"), ("response_timeout", "5s"),
            ("limit_name", "brand"), ("limit_senders", "My Shop, +12025550100"), ("limit_rate", ""), ("limit_day", "2 000"), ("limit_zone", "America/New_York"),
            ("limit_name", "gone"), ("limit_senders", ""), ("limit_rate", "1"), ("limit_day", ""), ("limit_zone", ""), ("limit_name", ""), ("limit_senders", ""), ("limit_rate", ""), ("limit_day", ""), ("limit_zone", ""),
        ];
        Assert.Contains("carrier was changed", await _console.DoAsync("/channels/carrier/settings", null, asked), StringComparison.Ordinal);
        var now = _console.Channels.Find("carrier")!.Settings;
        Assert.Equal((10, 12.5, "secret", Features.Messaging.Channels.LongMessages.Sar, Engine.WhenUnsure.Hold, true, 10), (now.Port, now.Rate, now.Password, now.LongMessages, now.WhenUnsure, now.Latin1, now.MaxParts));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)), (now.Bucket, now.ResponseTimeout));
        Assert.Equal(["46", "47"], now.Prefixes);
        Assert.Equal([Smpp.Text.NationalLanguage.Turkish, Smpp.Text.NationalLanguage.Spanish], now.NationalLanguages);
        Assert.Equal(["brand", "gone"], now.Limits.Select(limit => limit.Name));
        Assert.Equal(["My Shop", "+12025550100"], now.Limits[0].Senders);
        Assert.Equal((2000L, "America/New_York"), (now.Limits[0].PerDay, now.Limits[0].TimeZone));

        Assert.Contains("value=\"My Shop, +12025550100\"", await _console.PageAsync("/channels/carrier/settings"), StringComparison.Ordinal);
        await _console.DoAsync("/channels/carrier/settings", null, ("host", "127.0.0.1"), ("system_id", "us"), ("rate", ""), ("prefixes", ""), ("long_messages", "udh"), ("bucket", ""), ("limit_name", ""));
        now = _console.Channels.Find("carrier")!.Settings;
        Assert.Equal((null, "secret", Features.Messaging.Channels.LongMessages.Udh, false, TimeSpan.FromMilliseconds(100)), (now.Rate, now.Password, now.LongMessages, now.Latin1, now.Bucket));
        Assert.Equal((0, 0, 0), (now.Prefixes.Count, now.Limits.Count, now.NationalLanguages.Count));
        await _console.PageAsync("/channels/nobody/settings", status: HttpStatusCode.NotFound);
        using var support = await _console.SignedInAsync(Role.Support);
        await _console.PageAsync("/channels/carrier/settings", support, HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("tls_trusted_certificate", "/nowhere/carrier.pem", "found \"/nowhere/carrier.pem\"; it cannot be read", "hay \"/nowhere/carrier.pem\"; no se puede leer: no se encuentra")]
    [InlineData("tls_server_name", "smsc.example", null, null)]
    [InlineData("host", "", "it is missing: the carrier's name or address", "falta: el nombre o la dirección del operador")]
    [InlineData("port", "0", "found 0; allowed are numbers from 1 to 65,535", "hay 0; se admiten números de 1 a 65,535")]
    [InlineData("binds", "many", "many is not a number.", "many no es un número.")]
    [InlineData("bucket", "soon", "found \"soon\"; allowed is a number with ms", "hay \"soon\"; se admite un número con ms")]
    [InlineData("prefixes", "046", "found \"046\"; allowed are 1 to 15", "hay \"046\"; se admiten de 1 a 15")]
    [InlineData("inbound_url", "ftp://x", "found \"ftp://x\"; allowed is a full address", "hay \"ftp://x\"; se admite una dirección completa")]
    public async Task What_is_wrong_stands_at_its_field_in_the_readers_language(string field, string value, string? english, string? spanish)
    {
        await _console.DoAsync("/channels/add", null, ("name", "carrier"), ("kind", "smpp"), ("host", "127.0.0.1"), ("port", "9"), ("system_id", "us"), ("password", "secret"), ("long_messages", "payload"));
        (string, string)[] asked = [.. new[] { ("host", "127.0.0.1"), ("system_id", "us"), ("tls", "true"), ("rate", "77") }.Where(f => f.Item1 != field), (field, value)];
        var page = await _console.DoAsync("/channels/carrier/settings", null, asked);
        if (english is null)
        {
            Assert.Contains("carrier was changed", page, StringComparison.Ordinal);
            return;
        }

        Assert.Matches($"id=\"f-{field}-error\">{System.Text.RegularExpressions.Regex.Escape(english)}", page);
        Assert.Contains($"aria-describedby=\"f-{field}-error\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"77\"", page, StringComparison.Ordinal);
        Assert.Null(_console.Channels.Find("carrier")!.Settings.Rate);
        _console.SpeakSpanish();
        Assert.Matches($"id=\"f-{field}-error\">{System.Text.RegularExpressions.Regex.Escape(spanish!)}", await _console.DoAsync("/channels/carrier/settings", null, asked));
    }

    [Fact]
    public async Task A_limit_that_cannot_be_is_named_by_its_row()
    {
        await _console.AddChannelAsync();
        var page = await _console.DoAsync("/channels/nowhere/settings", null, ("limit_name", "brand"), ("limit_senders", ""), ("limit_rate", ""), ("limit_day", ""), ("limit_zone", ""));
        Assert.Contains("1. brand it is missing: a limit has a Rate, a PerDay, or both", page, StringComparison.Ordinal);
        Assert.Contains("value=\"brand\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_given_up_is_listed_and_put_back_after_a_yes()
    {
        Assert.Null(_console.Jobs.Queues.Open("reports", out var queue));
        for (var n = 0; n < 3; n++)
        {
            Assert.Null(JobRequestParser.Parse("""{"body":{"report":17}}"""u8.ToArray(), _console.Jobs.NowMs, out var request));
            await _console.Jobs.EnqueueAsync(queue, request, default, 0);
        }

        foreach (var job in await _console.Jobs.LeaseAsync(queue, 9, TimeSpan.FromMinutes(1), TimeSpan.Zero, CancellationToken.None))
        {
            var error = System.Text.Encoding.UTF8.GetBytes(job.Id.Value == 2 ? "no ink" : "no <b>paper");
            Assert.Null((await _console.Jobs.CompleteAsync([new JobReport(job.Id, job.Lease, Engine.Outcome.Permanent(JobCodes.GivenUp), error)], CancellationToken.None))[0]);
        }

        await _console.PageSaysAsync("/work/reports/dead", "3 jobs given up.");
        Assert.DoesNotContain("<b>paper", await _console.Http.GetStringAsync("/work/reports/dead"), StringComparison.Ordinal);
        Assert.Contains("1 job given up.", await _console.PageAsync("/work/reports/dead?error=INK"), StringComparison.Ordinal);
        Assert.Contains("None of them is like that.", await _console.PageAsync("/work/reports/dead?reason=lease_ended"), StringComparison.Ordinal);
        Assert.Contains("tick the box", await _console.DoAsync("/work/reports/requeue"), StringComparison.Ordinal);
        Assert.Equal(0, _console.Engine.GetQueue("reports")!.Live);

        Assert.Contains("It was put back as this job", await _console.DoAsync($"/work/jobs/{JobName.Of(new Engine.JobId(2))}/requeue"), StringComparison.Ordinal);
        Assert.Contains("It was put back as", await _console.PageAsync("/work/jobs/" + JobName.Of(new Engine.JobId(2))), StringComparison.Ordinal);
        await _console.PageSaysAsync("/work/reports/dead", "2 jobs given up.");
        Assert.Contains("2 jobs put back into reports.", await _console.DoAsync("/work/reports/requeue", null, ("confirm", "yes"), ("error", "paper")), StringComparison.Ordinal);
        Assert.Equal(3, _console.Engine.GetQueue("reports")!.Live);
        await _console.PageSaysAsync("/work/reports/dead", "reports has given up nothing.");
        var audit = await _console.PageAsync("/settings/audit");
        Assert.Contains("jobs put back: 2", audit, StringComparison.Ordinal);
        Assert.Contains("job put back: " + JobName.Of(new Engine.JobId(4)), audit, StringComparison.Ordinal);
        using var support = await _console.SignedInAsync(Role.Support);
        using var refused = await ConsoleFixture.PostAsync(support, "/work/reports/requeue", await ConsoleFixture.FormOfAsync(support, "/"), ("confirm", "yes"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await _console.PageAsync("/work/nobody/dead", status: HttpStatusCode.NotFound);
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

using Microsoft.Playwright;
using Strowger.SystemTests.Harness;
using static Microsoft.Playwright.Assertions;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>Every page: nothing grave for axe, no error of a script, no sideways scroll; light, dark, on a phone, in Spanish.</summary>
[Trait("needs", "peer")]
public sealed class EveryPageTests
{
    private static readonly string[] _pages =
    [
        "/", "/messages", "/campaigns", "/campaigns/new", "/channels", "/channels/add", "/channels/carrier-a", "/work", "/problems", "/settings", "/settings/users", "/settings/open", "/settings/webhooks", "/settings/smpp", "/settings/smpp/shop", "/settings/audit", "/settings/me",
    ];

    [Fact]
    public async Task Nothing_grave_on_any_page_light_or_dark_large_or_small()
    {
        await using var rig = await ConsoleRig.StartAsync(5);
        Assert.SkipUnless(Axe.IsThere, "axe-core is not installed: npm ci --prefix tests/peers");
        var waiting = await rig.SendAsync(200, reference: "order 17");
        (await rig.Api.PostAsync("/v1/smpp/clients", """{"system_id":"shop","password":"x","rate":20}""")).Expect(201);
        var page = await rig.OpenAsync();
        await FillAsync(rig, page);
        var found = new List<string>();
        var (campaign, job) = await WorkAsync(rig);
        foreach (var path in (IEnumerable<string>)[.. _pages, $"/messages/{waiting}", $"/campaigns/{campaign}", $"/work/jobs/{job}", "/work/reports/dead"])
        {
            await rig.GoAsync(page, path);
            await Expect(page.Locator("body.framed:not(.waiting)")).ToBeVisibleAsync();
            var name = path.Trim('/').Replace('/', '-') is { Length: > 0 } plain ? plain.Replace(waiting, "one", StringComparison.Ordinal).Replace(campaign, "one", StringComparison.Ordinal).Replace(job, "one", StringComparison.Ordinal) : "now";
            found.AddRange(await Looks.AtAsync(page, $"all-{name}"));
        }

        await rig.GoAsync(page, "/");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#help")).ToBeVisibleAsync();
        found.AddRange(await Axe.LookAsync(page, "help"));
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("#palette-list li")).Not.ToHaveCountAsync(0);
        await Pictures.TakeAsync(page, "palette");
        found.AddRange(await Axe.LookAsync(page, "palette"));
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
        Assert.Empty(rig.Complaints);
    }

    [Fact]
    public async Task The_sign_in_page_and_a_shared_link_are_well_too()
    {
        await using var rig = await ConsoleRig.StartAsync(100);
        Assert.SkipUnless(Axe.IsThere, "axe-core is not installed: npm ci --prefix tests/peers");
        var id = await rig.SendAsync(1);
        var page = await rig.OpenAsync();
        await FillAsync(rig, page);
        await rig.GoAsync(page, $"/messages/{id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Share" }).ClickAsync();
        var link = await page.Locator("#share-link").TextContentAsync();

        var stranger = await rig.NewPageAsync(new BrowserNewContextOptions { Locale = "es-ES" });
        await stranger.GotoAsync(link!);
        await Pictures.TakeAsync(stranger, "all-shared");
        var found = await Axe.LookAsync(stranger, "share");
        await rig.GoAsync(stranger, "/messages");
        Assert.Equal("es", await stranger.Locator("html").GetAttributeAsync("lang"));
        await Pictures.TakeAsync(stranger, "all-login");
        Assert.Empty(found.Concat(await Axe.LookAsync(stranger, "login")));
        Assert.Empty(rig.Complaints);
    }

    [Fact]
    public async Task The_flow_is_told_in_Spanish_to_a_Spanish_browser()
    {
        await using var rig = await ConsoleRig.StartAsync(5);
        await rig.SendAsync(200);
        var page = await rig.OpenAsync(new BrowserNewContextOptions { Locale = "es-ES" });
        await Expect(page.Locator("#sentence")).ToContainTextAsync("mensajes esperan para carrier-a; a ", new() { Timeout = 30_000 });
        await Expect(page.Locator("#river")).ToContainTextAsync("por segundo, su contrato", new() { Timeout = 30_000 });
        await Expect(page.Locator("#log")).ToContainTextAsync("El servidor ha arrancado.");
        await Pictures.TakeAsync(page, "all-now-es");
        await page.GetByText("administración").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await Expect(page.Locator("#sentence")).ToContainTextAsync("texts are waiting for carrier-a", new() { Timeout = 30_000 });
        Assert.Empty(rig.Complaints);
    }

    /// <summary>Campaigns, jobs, a webhook that is refused and an alarm, so that no list is empty.</summary>
    private static async Task<(string Campaign, string Job)> WorkAsync(ConsoleRig rig)
    {
        var ids = new List<string>();
        foreach (var (name, rows) in new[] { ("April", 3), ("May", 2000), ("Reminder of the meeting", 40) })
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent($$"""{"name":"{{name}}","from":"Shop","text":"Hello {name}, your balance is {balance}.","rate":2}"""), "campaign" },
                { new StringContent("to,name,balance\n" + string.Concat(Enumerable.Range(0, rows).Select(n => $"{46_700_000_000 + n},N{n},12\n")) + "12,wrong,1\n+4670,short,2\n"), "file", "f.csv" },
            };
            ids.Add((await rig.Api.SendAsync(HttpMethod.Post, "/v1/campaigns", form)).Expect(202).Id!);
        }

        (await rig.Api.PostAsync($"/v1/campaigns/{ids[2]}/pause", "")).Expect(200);
        (await rig.Api.PatchAsync($"/v1/campaigns/{ids[1]}", """{"rate":5}""")).Expect(200);
        (await rig.Api.PostAsync("/v1/webhooks", """{"url":"http://127.0.0.1:9/strowger","types":["alarm.*"],"description":"our own page"}""")).Expect(201);
        (await rig.Api.PostAsync("/v1/alarms/test", "")).Expect(202);
        var job = "";
        for (var n = 0; n < 3; n++)
        {
            job = (await rig.Api.PostAsync("/v1/queues/reports/jobs", """{"body":{"report":"month","year":2026}}""")).Expect(202).Id!;
        }

        var leased = (await rig.Api.PostAsync("/v1/queues/reports/lease", """{"max":2}""")).Expect(200).Body.GetProperty("data").EnumerateArray().ToList();
        foreach (var one in leased)
        {
            (await rig.Api.PostAsync($"/v1/jobs/{one.GetProperty("id").GetString()}/dead", $$"""{"lease":"{{one.GetProperty("lease").GetString()}}","error":"The printer has no paper."}""")).Expect(200);
        }

        return (ids[1], job);
    }

    /// <summary>Somebody and a key, so that lists have rows.</summary>
    private static async Task FillAsync(ConsoleRig rig, IPage page)
    {
        await rig.GoAsync(page, "/settings/users");
        await page.GetByLabel("Name").Last.FillAsync("ann");
        await page.GetByLabel("Password").Last.FillAsync(ConsoleRig.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await rig.GoAsync(page, "/settings/keys");
        await page.GetByLabel("Name").FillAsync("shop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        await Expect(page.Locator("#secret")).ToContainTextAsync("sk_");
    }
}

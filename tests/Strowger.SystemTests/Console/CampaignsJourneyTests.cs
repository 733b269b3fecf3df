using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>A campaign by a browser: seen before it is sent, held, let go, ended.</summary>
[Trait("needs", "peer")]
public sealed class CampaignsJourneyTests
{
    [Fact]
    public async Task What_may_be_done_to_a_campaign_follows_it_to_its_end_by_itself()
    {
        await using var rig = await ConsoleRig.StartAsync(5);
        using var form = new MultipartFormDataContent
        {
            { new StringContent("""{"name":"May","from":"Shop","text":"Hello {name}"}"""), "campaign" },
            { new StringContent("to,name\n" + string.Concat(Enumerable.Range(0, 40).Select(n => $"{46_700_000_000 + n},N{n}\n"))), "file", "may.csv" },
        };
        var id = (await rig.Api.SendAsync(HttpMethod.Post, "/v1/campaigns", form)).Expect(202).Id!;
        (await rig.Api.PostAsync($"/v1/campaigns/{id}/pause", "")).Expect(200);
        var page = await rig.OpenAsync();
        await rig.GoAsync(page, $"/campaigns/{id}");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeVisibleAsync();
        await Expect(page.Locator("#pulse")).ToContainTextAsync("live", new() { Timeout = 30_000 });

        // Somebody else lets it go on; nobody touches this page again.
        (await rig.Api.PostAsync($"/v1/campaigns/{id}/resume", "")).Expect(200);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToHaveCountAsync(0);
        await Expect(page.GetByText("Done, after 40 texts.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "End it" })).ToHaveCountAsync(0);
        await Expect(page.Locator("#rate-now input")).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Results as a file" })).ToBeVisibleAsync();
        Assert.Empty(rig.Complaints);
    }

    [Fact]
    public async Task A_file_is_looked_at_sent_held_and_ended()
    {
        await using var rig = await ConsoleRig.StartAsync(5);
        var page = await rig.OpenAsync();
        await rig.GoAsync(page, "/campaigns");
        await page.GetByRole(AriaRole.Link, new() { Name = "New campaign" }).ClickAsync();
        await page.Locator("main [name=name]").FillAsync("May");
        await page.Locator("main [name=file]").SetInputFilesAsync(new FilePayload
        {
            Name = "may.csv",
            MimeType = "text/csv",
            Buffer = System.Text.Encoding.UTF8.GetBytes("to,name\n" + string.Concat(Enumerable.Range(0, 2000).Select(n => $"{46_700_000_000 + n},N{n}\n")) + "12,wrong\n"),
        });
        await page.Locator("main [name=from]").FillAsync("Shop");
        await page.Locator("main [name=text]").FillAsync("Hello {name}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Look at it" }).ClickAsync();
        await Expect(page.GetByText("Hello N0", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Empty(Axe.IsThere ? await Looks.AtAsync(page, "campaign-before-yes") : []);

        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, send 2,000 texts" }).ClickAsync();
        await Expect(page.GetByText("still to leave; the last about")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(page.GetByText("left, until it is resumed")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(page.GetByText("still to leave; the last about")).ToBeVisibleAsync();
        await page.GetByLabel("Parts a second").FillAsync("4.5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change", Exact = true }).ClickAsync();
        await Expect(page.GetByText("It goes at 4.5 a second at most from now on.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Parts a second")).ToHaveValueAsync("4.5");
        await Pictures.TakeAsync(page, "campaign");
        await page.GetByLabel("for good").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "End it" }).ClickAsync();
        await Expect(page.GetByText("Ended before its end")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await rig.GoAsync(page, "/campaigns");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "May" })).ToBeVisibleAsync();
        await rig.GoAsync(page, "/settings/audit");
        await Expect(page.Locator("main")).ToContainTextAsync("campaign's rate: no limit → 4.5");
        await Expect(page.Locator("main")).ToContainTextAsync("campaign ended");
        Assert.Empty(rig.Complaints);
    }
}

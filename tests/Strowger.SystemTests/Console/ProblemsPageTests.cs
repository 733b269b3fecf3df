using Microsoft.Playwright;
using Strowger.SystemTests.Harness;
using static Microsoft.Playwright.Assertions;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>Problems and webhooks in a real browser: a carrier dies, somebody takes it and mutes it; a webhook is added and its post replayed.</summary>
[Trait("needs", "peer")]
public sealed class ProblemsPageTests
{
    private static readonly LocatorAssertionsToContainTextOptions _soon = new() { Timeout = 40_000 };

    [Fact]
    public async Task A_problem_is_seen_taken_and_muted_and_a_webhook_is_told()
    {
        await using var rig = await ConsoleRig.StartAsync(100);
        (await rig.Api.PatchAsync("/v1/alarms/rules/bind_down", """{"after":"1s"}""")).Expect(200);
        (await rig.Api.PatchAsync("/v1/alarms/rules/disk", """{"enabled":false}""")).Expect(200);
        var page = await rig.OpenAsync();
        await rig.GoAsync(page, "/problems");
        await Expect(page.Locator("#problems")).ToContainTextAsync("Nothing needs a human now.");

        await rig.GoAsync(page, "/settings/webhooks");
        await page.GetByLabel("Address").FillAsync("http://127.0.0.1:9/");
        await page.GetByLabel("alarm.raised").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the webhook" }).ClickAsync();
        await Expect(page.Locator("#secret")).ToContainTextAsync("whsec_");
        await Pictures.TakeAsync(page, "webhooks");

        rig.Carrier.Kill9();
        await rig.GoAsync(page, "/problems");
        await Expect(page.Locator("#problems")).ToContainTextAsync("Nobody has it yet.", _soon);
        await Pictures.TakeAsync(page, "problems");
        await page.GetByRole(AriaRole.Button, new() { Name = "Mute carrier-a" }).ClickAsync();
        await Expect(page.Locator("#problems")).ToContainTextAsync("Muted: nobody is told.", _soon);
        await page.GetByRole(AriaRole.Button, new() { Name = "End", Exact = true }).ClickAsync();
        await page.GetByLabel("What will you do?").FillAsync("calls the carrier");
        await page.GetByRole(AriaRole.Button, new() { Name = "I take it" }).ClickAsync();
        await Expect(page.Locator("#problems")).ToContainTextAsync("calls the carrier", _soon);

        await rig.GoAsync(page, "/settings/webhooks?state=failed");
        await Eventually.TrueAsync("the post that was refused is listed", TimeSpan.FromSeconds(20), async () =>
        {
            await page.ReloadAsync();
            return await page.GetByText("alarm.raised", new() { Exact = true }).CountAsync() > 0;
        });
        await Expect(page.Locator("body")).ToContainTextAsync("a loopback or private one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Post evt_alarm" }).First.ClickAsync();
        await Expect(page.Locator("body")).ToContainTextAsync("It is posted once more.");
        Assert.Empty(rig.Complaints);
    }
}

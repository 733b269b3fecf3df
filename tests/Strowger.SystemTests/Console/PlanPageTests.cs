using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>Plan in a real browser: a question is typed, answered by formula, then by simulation, and kept in the address.</summary>
[Trait("needs", "peer")]
public sealed class PlanPageTests
{
    private static readonly LocatorAssertionsToContainTextOptions _soon = new() { Timeout = 40_000 };

    [Fact]
    public async Task A_plan_is_asked_by_keyboard_answered_twice_and_its_address_says_it_again()
    {
        await using var rig = await ConsoleRig.StartAsync(200);
        Assert.SkipUnless(Axe.IsThere, "axe-core is not installed: npm ci --prefix tests/peers");
        await rig.SendAsync(200);
        var page = await rig.OpenAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("l");
        await Expect(page.GetByLabel("Rate of carrier-a")).ToHaveValueAsync("200");
        await Expect(page.Locator("#late")).ToContainTextAsync("a text took", _soon);
        var found = new List<string>(await Looks.AtAsync(page, "all-plan"));

        await page.GetByLabel("Subscribers").FillAsync("100,000");
        await page.GetByLabel("Codes a second").FillAsync("5");
        await page.GetByLabel("Price of a part over carrier-a").FillAsync("0.0071");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#answer")).ToContainTextAsync("The last of 100,000 texts is with the carrier after", _soon);
        await Expect(page.Locator("#answer")).ToContainTextAsync("By simulation", _soon);
        await Expect(page.Locator("#answer")).ToContainTextAsync("It costs about 710", _soon);
        await Expect(page.Locator("#figures")).ToContainTextAsync("Simulated, the longest wait is", _soon);
        await Expect(page.Locator("#figures tbody").Last).Not.ToContainTextAsync("…");
        await Expect(page.Locator("#late")).ToContainTextAsync("waiting here", _soon);
        found.AddRange(await Looks.AtAsync(page, "plan"));

        var address = page.Url;
        Assert.Contains("subscribers=100", address, StringComparison.Ordinal);
        Assert.DoesNotContain("simulate", address, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Link, new() { Name = "Start over" }).ClickAsync();
        await Expect(page.GetByLabel("Subscribers")).ToHaveValueAsync("");
        await page.GotoAsync(address);
        await Expect(page.GetByLabel("Subscribers")).ToHaveValueAsync("100,000");
        await Expect(page.Locator("#answer")).ToContainTextAsync("By simulation", _soon);

        var spanish = await rig.OpenAsync(new BrowserNewContextOptions { Locale = "es-ES" });
        await spanish.GotoAsync(address);
        await Expect(spanish.Locator("#answer")).ToContainTextAsync("mensajes lo tiene el operador en", _soon);
        await Expect(spanish.Locator("#answer")).ToContainTextAsync("Por simulación", _soon);
        await Pictures.TakeAsync(spanish, "plan-es");

        await page.GetByLabel("Codes a second").FillAsync("many");
        await page.GetByRole(AriaRole.Button, new() { Name = "Plan it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("many is not a number.");
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
        Assert.DoesNotContain(rig.Complaints, words => !words.Contains("422", StringComparison.Ordinal));
    }
}

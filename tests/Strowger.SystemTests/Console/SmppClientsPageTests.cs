using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>Somebody sells to a customer: the client is added, its rate raised, and taken away again.</summary>
[Trait("needs", "peer")]
public sealed class SmppClientsPageTests
{
    [Fact]
    public async Task A_client_is_added_changed_and_removed_in_the_browser()
    {
        await using var rig = await ConsoleRig.StartAsync(100);
        var page = await rig.OpenAsync();
        page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await rig.GoAsync(page, "/settings/smpp");

        await page.Locator("input[name=system_id]").FillAsync("shop");
        await page.Locator("input[name=password]").FillAsync("geheim");
        await page.Locator("input[name=rate]").FillAsync("20");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.Locator("table.rows")).ToContainTextAsync("shop");
        await Expect(page.Locator("body")).ToContainTextAsync("Not bound: shop.");

        await page.GetByRole(AriaRole.Link, new() { Name = "shop", Exact = true }).ClickAsync();
        await page.Locator("input[name=rate]").FillAsync("50");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change now" }).ClickAsync();
        await Expect(page.Locator("input[name=rate]")).ToHaveValueAsync("50");
        Assert.Equal(50, (await rig.Api.GetAsync("/v1/smpp/clients/shop")).Expect(200).Body.GetProperty("rate").GetDouble());

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(page.Locator("body")).ToContainTextAsync("Nobody may bind yet.");
        Assert.Empty(rig.Complaints);
    }
}

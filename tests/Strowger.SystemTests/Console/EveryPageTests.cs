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
        "/", "/messages", "/campaigns", "/campaigns/new", "/channels", "/channels/add", "/channels/carrier-a", "/work", "/problems", "/settings", "/settings/users", "/settings/open", "/settings/audit", "/settings/me", "/plan",
    ];

    [Fact]
    public async Task Nothing_grave_on_any_page_light_or_dark_large_or_small()
    {
        await using var rig = await ConsoleRig.StartAsync(5);
        Assert.SkipUnless(Axe.IsThere, "axe-core is not installed: npm ci --prefix tests/peers");
        var waiting = await rig.SendAsync(200, reference: "order 17");
        var page = await rig.OpenAsync();
        await FillAsync(rig, page);
        var found = new List<string>();
        foreach (var path in (IEnumerable<string>)[.. _pages, $"/messages/{waiting}"])
        {
            await rig.GoAsync(page, path);
            await Expect(page.Locator("body.framed:not(.waiting)")).ToBeVisibleAsync();
            var name = path.Trim('/').Replace('/', '-') is { Length: > 0 } plain ? plain.Replace(waiting, "one", StringComparison.Ordinal) : "now";
            await Pictures.TakeAsync(page, $"all-{name}");
            found.AddRange(await Axe.LookAsync(page, path));

            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
            await Pictures.TakeAsync(page, $"all-{name}-dark");
            found.AddRange(await Axe.LookAsync(page, path + " dark"));
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });

            await page.SetViewportSizeAsync(390, 844);
            await Pictures.TakeAsync(page, $"all-{name}-phone");
            found.AddRange(await Axe.LookAsync(page, path + " phone"));
            if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth") > 1)
            {
                found.Add(path + " scrolls sideways on a phone");
            }

            await page.SetViewportSizeAsync(ConsolePageTests.Width, ConsolePageTests.Height);
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

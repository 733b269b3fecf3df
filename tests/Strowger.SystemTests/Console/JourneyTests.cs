using Microsoft.Playwright;
using Strowger.SystemTests.Harness;
using static Microsoft.Playwright.Assertions;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>What people come for, from one end to the other, in a real browser.</summary>
[Trait("needs", "peer")]
public sealed class JourneyTests
{
    private static readonly LocatorAssertionsToContainTextOptions _soon = new() { Timeout = 30_000 };
    private static readonly LocatorAssertionsToHaveTextOptions _soonText = new() { Timeout = 30_000 };

    [Fact]
    public async Task A_text_is_sent_seen_delayed_found_out_why_the_rate_raised_and_gone()
    {
        await using var rig = await ConsoleRig.StartAsync(2, "--receipt-delay", "200ms");
        var page = await rig.OpenAsync();
        var id = await rig.SendAsync(400, reference: "order 4711");

        // Now: somebody waits, and until when.
        await Expect(page.Locator("#sentence")).ToContainTextAsync("waiting for carrier-a", _soon);
        await Expect(page.Locator("#pulse")).ToContainTextAsync("live", _soon);

        // Found by the end of its number from the palette.
        await page.Keyboard.PressAsync("Control+k");
        await page.Locator("#palette-input").FillAsync("1234567");
        await Expect(page.Locator("#palette-list")).ToContainTextAsync("Messages: 1234567", _soon);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Uri(rig.Server.Address, "/messages?q=1234567").ToString());
        await Eventually.TrueAsync("the list has it", TimeSpan.FromSeconds(20), async () =>
        {
            await page.ReloadAsync();
            return await page.Locator("a[data-row]").CountAsync() == 1;
        });
        await Expect(page.Locator("#found")).ToContainTextAsync("1 text to numbers that end so.");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");

        // Why: its turn has not come.
        await Expect(page).ToHaveURLAsync(new Uri(rig.Server.Address, $"/messages/{id}").ToString());
        var answer = page.Locator("#life .sentence");
        await Expect(answer).ToContainTextAsync("It waits its turn for carrier-a", _soon);
        await Expect(page.Locator("#life .detail")).ToContainTextAsync("the channel's rate, 2 a second, is the limit", _soon);
        await Pictures.TakeAsync(page, "message-waiting");

        // The rate is raised while it waits.
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("h");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Channels" })).ToBeVisibleAsync();
        await Expect(page.Locator("#channels")).ToContainTextAsync("carrier-a is full", _soon);
        await Pictures.TakeAsync(page, "channels");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByLabel("Rate").FillAsync("200");
        await Expect(page.Locator("#preview")).ToContainTextAsync("At this rate the last of", _soon);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change now" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("carrier-a was changed");
        await Pictures.TakeAsync(page, "channel");

        // It leaves, and arrives; the page that was open says so by itself.
        await rig.GoAsync(page, $"/messages/{id}");
        await Expect(answer).ToContainTextAsync("Delivered at", _soon);
        await Expect(page.Locator("#life")).ToContainTextAsync("the phone has it", _soon);
        await Expect(page.Locator("#state")).ToHaveTextAsync("delivered", _soonText);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel it" })).ToHaveCountAsync(0);
        await Pictures.TakeAsync(page, "message-delivered");
        Assert.Empty(rig.Complaints);
    }

    [Fact]
    public async Task Numbers_live_states_turn_and_what_is_old_is_grey()
    {
        await using var rig = await ConsoleRig.StartAsync(20);
        var page = await rig.OpenAsync();
        await rig.GoAsync(page, "/channels");
        await Expect(page.Locator("#c-carrier-a .state")).ToHaveTextAsync("up", _soonText);
        await rig.SendAsync(400);
        await Expect(page.Locator("[data-live='c-carrier-a.waiting']")).Not.ToHaveTextAsync("0", _soonText);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause carrier-a" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("carrier-a is paused");
        await Expect(page.Locator("#channels .sentence")).ToContainTextAsync("carrier-a is paused.", _soon);
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume carrier-a" }).ClickAsync();
        await Expect(page.Locator("#c-carrier-a .state")).ToHaveTextAsync("up", _soonText);

        // Nobody touches the page: the carrier goes, and the page says so.
        rig.Carrier.Kill9();
        await Expect(page.Locator("#channels .sentence")).ToContainTextAsync("carrier-a is down", _soon);
        await rig.GoAsync(page, "/work");
        await Expect(page.Locator("#work")).ToContainTextAsync("sms:default", _soon);
        await Pictures.TakeAsync(page, "work");

        rig.Server.Kill9();
        await Expect(page.Locator("body")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex(@"\bstale\b"), new() { Timeout = 30_000 });
        await Expect(page.Locator("#pulse")).ToContainTextAsync("stale since");
        await rig.Server.RestartAsync();
        await Expect(page.Locator("#pulse")).ToContainTextAsync("live", _soon);
    }

    [Fact]
    public async Task Support_signs_in_sees_no_switches_and_a_text_is_only_text()
    {
        await using var rig = await ConsoleRig.StartAsync(100);
        var admin = await rig.OpenAsync();
        await rig.GoAsync(admin, "/settings/users");
        await admin.GetByLabel("Name").FillAsync("sam");
        await admin.GetByLabel("Password").FillAsync(ConsoleRig.Password);
        await admin.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(admin.GetByRole(AriaRole.Status)).ToContainTextAsync("sam may sign in now.");

        const string Nasty = "<img src=x onerror=\"document.title='caught'\"><script>document.title='caught'</script>";
        var id = (await rig.Api.TextAsync("+46701234567", Nasty)).Expect(202).Id!;
        var page = await rig.NewPageAsync();
        await rig.GoAsync(page, $"/messages/{id}");
        await page.GetByLabel("Name").FillAsync("sam");
        await page.GetByLabel("Password").FillAsync(ConsoleRig.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Uri(rig.Server.Address, $"/messages/{id}").ToString());
        await Expect(page.Locator("#text")).ToHaveTextAsync(Nasty);
        Assert.DoesNotContain("caught", await page.TitleAsync(), StringComparison.Ordinal);

        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Sent again under a new id.");
        await rig.GoAsync(page, "/channels");
        await Expect(page.Locator("#c-carrier-a")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause carrier-a" })).ToHaveCountAsync(0);

        await rig.GoAsync(page, "/settings/me");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up codes" }).ClickAsync();
        await Expect(page.Locator("#totp-qr")).ToBeVisibleAsync();
        Assert.Empty(Axe.IsThere ? await Looks.AtAsync(page, "account-codes") : []);
        Assert.Empty(rig.Complaints);
    }
}

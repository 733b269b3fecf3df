using Microsoft.Playwright;
using Strowger.SystemTests.Harness;
using static Microsoft.Playwright.Assertions;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>A channel's settings by a browser: what is changed counts for the next text, what cannot be is said at its field.</summary>
[Trait("needs", "peer")]
public sealed class ChannelSettingsTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private static readonly string _long = string.Concat(Enumerable.Repeat("0123456789", 30));

    [Fact]
    public async Task The_next_long_text_leaves_as_the_form_says_and_a_wrong_file_is_told_at_its_field()
    {
        await using var rig = await ConsoleRig.StartAsync(100);
        var page = await rig.OpenAsync();
        (await rig.Api.TextAsync("+46701234567", _long)).Expect(202);
        await rig.Carrier.ReportAsync("a long text goes in two", _patience, r => r.Accepted == 2);

        await rig.GoAsync(page, "/channels/" + ConsoleRig.Channel);
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await Expect(page.GetByLabel("Long texts")).ToHaveValueAsync("udh");
        Assert.Empty(Axe.IsThere ? await Looks.AtAsync(page, "channel-settings") : []);

        // TLS with a file that is not there: nothing is changed, and what was typed stays.
        await page.GetByLabel("Long texts").SelectOptionAsync("payload");
        await page.GetByLabel("The carrier's port speaks TLS").CheckAsync();
        await page.GetByLabel("Trusted certificate").FillAsync("/nowhere/carrier.pem");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change now" }).ClickAsync();
        await Expect(page.Locator("#f-tls_trusted_certificate-error")).ToContainTextAsync("it cannot be read");
        await Expect(page.GetByLabel("Trusted certificate")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.GetByLabel("Long texts")).ToHaveValueAsync("payload");
        Assert.Empty(Axe.IsThere ? await Looks.AtAsync(page, "channel-settings-wrong") : []);

        await page.GetByLabel("The carrier's port speaks TLS").UncheckAsync();
        await page.GetByLabel("Trusted certificate").FillAsync("");
        await page.GetByLabel("Name of another limit").FillAsync("each");
        await page.GetByLabel("Parts a second of another limit").FillAsync("50");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change now" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("carrier-a was changed");
        await Expect(page.Locator("main")).ToContainTextAsync("payload: in one piece");
        await Expect(page.Locator("main")).ToContainTextAsync("LongMessages – → payload");

        (await rig.Api.TextAsync("+46701234567", _long)).Expect(202);
        await rig.Carrier.ReportAsync("the next one goes in one", _patience, r => r.Accepted == 3);
        Assert.DoesNotContain(rig.Complaints, complaint => !complaint.Contains("422", StringComparison.Ordinal));
    }
}

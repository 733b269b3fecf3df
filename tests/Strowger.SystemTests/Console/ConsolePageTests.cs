using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Strowger.SystemTests.Harness;
using static Microsoft.Playwright.Assertions;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>The demo's page in a real browser: numbers that move, trouble made with its buttons, a server killed and back.</summary>
[Trait("needs", "peer")]
public sealed partial class ConsolePageTests
{
    public const int Width = 1400;
    public const int Height = 900;

    /// <summary>What the demo promises a newcomer, from its start to the link.</summary>
    private static readonly TimeSpan _alive = TimeSpan.FromSeconds(15);

    private static readonly LocatorAssertionsToContainTextOptions _soon = new() { Timeout = 40_000 };

    [Fact]
    public async Task A_newcomer_sees_the_flow_move_breaks_it_and_sees_it_heal()
    {
        var chromium = Chromium.Path;
        Assert.SkipWhen(chromium is null, "Chromium is not installed.");
        await using var browser = await Chromium.StartAsync(chromium!);
        await using var demo = StartDemo();
        try
        {
            await WatchAsync(browser, demo);
        }
        finally
        {
            // Not by kill -9: its server and its carrier would be left behind.
            demo.Terminate();
            Assert.Equal(0, await demo.ExitAsync(TimeSpan.FromSeconds(15)));
        }
    }

    private static async Task WatchAsync(Chromium browser, ChildProcess demo)
    {
        var page = await OpenAsync(browser, await LinkOf(demo));
        var complaints = Complaints(page);
        var sentence = page.Locator("#sentence");

        await Expect(sentence).ToContainTextAsync("texts are waiting for carrier-a", _soon);
        await Expect(page.Locator("#code")).ToContainTextAsync("until the carrier had it", _soon);
        await Expect(page.Locator("#code")).ToContainTextAsync("One plain queue", _soon);
        await Expect(page.Locator("#river .fill")).ToHaveCountAsync(1);
        var most = 0L;
        await Eventually.TrueAsync("the number that wait goes down", TimeSpan.FromSeconds(60), async () =>
        {
            var waiting = await WaitingAsync(page);
            most = Math.Max(most, waiting);
            return waiting < most;
        });
        await page.WaitForTimeoutAsync(Pictures.AreWanted ? 8000 : 0);
        await Pictures.TakeAllAsync(page);

        await KeysAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Break the carrier" }).ClickAsync();
        await Expect(sentence).ToContainTextAsync("carrier-a is down", _soon);
        await Expect(sentence).ToContainTextAsync("are safe and wait", _soon);
        await Expect(page.Locator("#river .bind.bad")).ToHaveCountAsync(2);
        await Pictures.TakeAsync(page, "now-down");
        await Expect(page.Locator("#log")).ToContainTextAsync(Back(), _soon);

        await page.GetByRole(AriaRole.Button, new() { Name = "Send 100,000 more" }).ClickAsync();
        await Expect(page.Locator("#log")).ToContainTextAsync("100,000 more texts are safe on disk", _soon);
        await Eventually.TrueAsync("they wait", TimeSpan.FromSeconds(10), async () => await WaitingAsync(page) > 50_000);
        Assert.Empty(complaints);

        await page.GetByRole(AriaRole.Button, new() { Name = "Kill the server" }).ClickAsync();
        await Expect(page.Locator("body")).ToHaveClassAsync(Stale(), new() { Timeout = 40_000 });
        await Expect(page.Locator("#pulse")).ToContainTextAsync("stale since");
        await Pictures.TakeAsync(page, "now-stale");
        await Expect(page.Locator("#pulse")).ToContainTextAsync("live", _soon);
        await Expect(page.Locator("#log")).ToContainTextAsync("safe on its disk", _soon);
        Assert.True(await WaitingAsync(page) > 10_000);
        await Expect(sentence).ToContainTextAsync("texts are waiting for carrier-a", _soon);
    }

    private static ChildProcess StartDemo()
    {
        // Long enough for all the troubles, whatever else the machine does.
        var (subscribers, rate) = Pictures.AreWanted ? (120_000, 5000) : (20_000, 1000);
        return StrowgerProcess.StartRaw(
            ["demo", "--calm", "--http", "127.0.0.1:0", "--subscribers", Number(subscribers), "--rate", Number(rate)], new Dictionary<string, string>());
    }

    private static async Task<Uri> LinkOf(ChildProcess demo)
    {
        var started = Stopwatch.GetTimestamp();
        var line = await demo.LineAsync(demo.Error, l => l.Contains("/login?token=", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, _alive);
        return new Uri(Link().Match(line).Value);
    }

    private static async Task<IPage> OpenAsync(Chromium browser, Uri link)
    {
        var page = await browser.Browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = Width, Height = Height },
            ColorScheme = ColorScheme.Light,
        });
        await page.GotoAsync(link.ToString());
        await Expect(page).ToHaveURLAsync(new Uri(link, "/").ToString());
        return page;
    }

    /// <summary>Errors of the page's own scripts, and what its policy refused.</summary>
    private static List<string> Complaints(IPage page)
    {
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                complaints.Add(message.Text);
            }
        };
        return complaints;
    }

    private static async Task KeysAsync(IPage page)
    {
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#help")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#help")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("t");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.Keyboard.PressAsync("t");
        await page.Keyboard.PressAsync("f");
        await Expect(page.Locator("#channels-table")).ToContainTextAsync("carrier-a");
        await page.Keyboard.PressAsync("f");
    }

    /// <summary>The sum of the lanes, as drawn.</summary>
    private static async Task<long> WaitingAsync(IPage page)
    {
        var sum = 0L;
        foreach (var text in await page.Locator("#river text.big.end").AllTextContentsAsync())
        {
            sum += long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        }

        return sum;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Link();

    /// <summary>With both binds at once, or on a busy machine one after the other.</summary>
    [GeneratedRegex("carrier-a (is|are) back")]
    private static partial Regex Back();

    [GeneratedRegex(@"\bstale\b")]
    private static partial Regex Stale();
}

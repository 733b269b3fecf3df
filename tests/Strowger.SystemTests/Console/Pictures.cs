using Microsoft.Playwright;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>Pictures for the documentation, when <c>STROWGER_PICTURES</c> names a directory for them.</summary>
internal static class Pictures
{
    private static readonly string? _directory = Environment.GetEnvironmentVariable("STROWGER_PICTURES");

    public static bool AreWanted => !string.IsNullOrEmpty(_directory);

    public static async Task TakeAsync(IPage page, string name)
    {
        if (AreWanted)
        {
            // The drawing glides for a second.
            await page.WaitForTimeoutAsync(1500);
            Directory.CreateDirectory(_directory!);
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(_directory!, name + ".png") });
        }
    }

    /// <summary>Light, dark, and on a phone.</summary>
    public static async Task TakeAllAsync(IPage page)
    {
        if (!AreWanted)
        {
            return;
        }

        await TakeAsync(page, "now-light");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await TakeAsync(page, "now-dark");
        await page.SetViewportSizeAsync(390, 844);
        await TakeAsync(page, "now-phone");
        await page.SetViewportSizeAsync(ConsolePageTests.Width, ConsolePageTests.Height);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
    }
}

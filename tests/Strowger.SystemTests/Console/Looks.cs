using Microsoft.Playwright;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>The page that is open, looked at as all readers do: light, dark and on a phone; by axe, for a sideways scroll, for a picture.</summary>
internal static class Looks
{
    private const int PhoneWidth = 390;
    private const int PhoneHeight = 844;

    public static async Task<IReadOnlyList<string>> AtAsync(IPage page, string name)
    {
        var found = new List<string>();
        await Pictures.TakeAsync(page, name);
        found.AddRange(await Axe.LookAsync(page, name));

        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await Pictures.TakeAsync(page, name + "-dark");
        found.AddRange(await Axe.LookAsync(page, name + " dark"));
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });

        await page.SetViewportSizeAsync(PhoneWidth, PhoneHeight);
        await Pictures.TakeAsync(page, name + "-phone");
        found.AddRange(await Axe.LookAsync(page, name + " phone"));
        if (await page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth") > 1)
        {
            found.Add(name + " scrolls sideways on a phone");
        }

        await page.SetViewportSizeAsync(ConsolePageTests.Width, ConsolePageTests.Height);
        return found;
    }
}

using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Strowger.SystemTests.Harness;
using static Microsoft.Playwright.Assertions;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>Markup in whatever comes from outside is shown as the text it is: a body, a reference, a campaign's name, a queue's job.</summary>
[Trait("needs", "peer")]
public sealed class HostileTextTests
{
    private const string Nasty = "<img src=x onerror=\"document.title='caught'\"><script>document.title='caught'</script>";

    /// <summary>With '&lt;' as it is: a job's body is kept as it came.</summary>
    private static readonly JsonSerializerOptions _plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Markup_from_outside_is_text_on_every_page_that_shows_it()
    {
        await using var rig = await ConsoleRig.StartAsync(1);
        var id = (await rig.Api.TextAsync("+46701234567", Nasty, $"\"reference\":{JsonSerializer.Serialize(Nasty[..60])}")).Expect(202).Id!;
        using var form = new MultipartFormDataContent
        {
            { Json(new { name = Nasty[..60], from = "Shop", text = Nasty + "{name}" }), "campaign" },
            { new StringContent($"to,name\n46701234567,{Quoted(Nasty)}\n12,{Quoted(Nasty)}\n", Encoding.UTF8, "text/csv"), "file", "f.csv" },
        };
        var campaign = (await rig.Api.SendAsync(HttpMethod.Post, "/v1/campaigns", form)).Expect(202).Id!;
        var job = (await rig.Api.SendAsync(HttpMethod.Post, "/v1/queues/nasty/jobs", Json(new { body = Nasty }))).Expect(202).Id!;
        (await rig.Api.SendAsync(HttpMethod.Post, "/v1/smpp/clients", Json(new { system_id = "shop", password = "x", channel = Nasty[..60] }))).Expect(201);
        var page = await rig.OpenAsync();
        var pages = new (string Path, bool ShowsIt)[]
        {
            ($"/messages/{id}", true), ($"/messages?q={Uri.EscapeDataString(Nasty)}", true), ("/messages", true), ("/campaigns", true), ($"/campaigns/{campaign}", true),
            ("/settings/audit", true), ("/settings/smpp", false), ("/settings/smpp/shop", true), ($"/work/jobs/{job}", true), ("/work", false), ("/problems", false), ("/", false),
            ($"/plan?subscribers=1&on=0&name={Uri.EscapeDataString(Nasty)}&rate=1&binds=1&window=1&answer=1&price=", true),
        };
        foreach (var (path, showsIt) in pages)
        {
            await Eventually.TrueAsync($"{path} shows it", TimeSpan.FromSeconds(20), async () =>
            {
                await rig.GoAsync(page, path);
                return !showsIt || (await page.ContentAsync()).Contains("&lt;img src=x", StringComparison.Ordinal) || await page.Locator($"input[value^='<img src=x']").CountAsync() > 0;
            });
            await Expect(page.Locator("body.framed:not(.waiting)")).ToBeVisibleAsync();
            Assert.NotEqual("caught", await page.TitleAsync());
            Assert.Equal(0, await page.Locator("img[src=x]").CountAsync());
        }

        await page.Keyboard.PressAsync("/");
        await page.Locator("#palette-input").FillAsync(Nasty);
        await Expect(page.Locator("#palette-list li")).Not.ToHaveCountAsync(0);
        Assert.Equal(0, await page.Locator("img[src=x]").CountAsync());
        Assert.NotEqual("caught", await page.TitleAsync());
        Assert.Empty(rig.Complaints);
    }

    private static StringContent Json(object value) => new(JsonSerializer.Serialize(value, _plain), Encoding.UTF8, "application/json");

    private static string Quoted(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

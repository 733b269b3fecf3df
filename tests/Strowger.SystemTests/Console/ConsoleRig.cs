using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Strowger.SystemTests.Harness;
using static Microsoft.Playwright.Assertions;

namespace Strowger.SystemTests.ConsolePage;

/// <summary>A server with a channel to a simulated carrier, and a browser in which somebody is signed in.</summary>
internal sealed class ConsoleRig : IAsyncDisposable
{
    public const string Channel = "carrier-a";
    public const string Password = "nine blue herons";

    private readonly TempDirectory _directory = new();
    private readonly Chromium _browser;
    private readonly List<string> _complaints = [];

    private ConsoleRig(Chromium browser, SimProcess carrier)
    {
        _browser = browser;
        Carrier = carrier;
    }

    public SimProcess Carrier { get; }

    public StrowgerProcess Server { get; private set; } = null!;

    public Api Api { get; private set; } = null!;

    /// <summary>Errors of the pages' own scripts, and what their policy refused.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Skips the test, loudly, without a browser.</summary>
    public static async Task<ConsoleRig> StartAsync(double rate, params string[] carrier)
    {
        var chromium = Chromium.Path;
        Assert.SkipWhen(chromium is null, "Chromium is not installed.");
        var rig = new ConsoleRig(await Chromium.StartAsync(chromium!), await SimProcess.StartAsync(carrier));
        var settings = JsonNode.Parse(Config.Of(Config.Smpp(Channel, rig.Carrier.Port, ("Binds", 2), ("Window", 20), ("Rate", rate))))!.AsObject();
        settings["Smpp"] = new JsonObject { ["Listen"] = "127.0.0.1:0" };
        var config = rig._directory.Write("strowger.json", settings.ToJsonString());
        rig.Server = await StrowgerProcess.StartAsync(rig._directory.File("data"), config);
        rig.Api = rig.Server.Connect();
        return rig;
    }

    /// <summary>A browser of its own, signed in by a one-time link: with all rights.</summary>
    public async Task<IPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        var page = await NewPageAsync(options);
        var link = (await Api.PostAsync("/v1/logins", "{}")).Expect(201).Body.GetProperty("path").GetString()!;
        await page.GotoAsync(new Uri(Server.Address, link).ToString());
        await Expect(page).ToHaveURLAsync(new Uri(Server.Address, "/").ToString());
        return page;
    }

    public async Task<IPage> NewPageAsync(BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.ViewportSize ??= new ViewportSize { Width = ConsolePageTests.Width, Height = ConsolePageTests.Height };
        options.ColorScheme ??= ColorScheme.Light;
        var context = await _browser.Browser.NewContextAsync(options);
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => _complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("status of 401", StringComparison.Ordinal))
            {
                _complaints.Add(message.Text);
            }
        };
        return page;
    }

    public Task GoAsync(IPage page, string path) => page.GotoAsync(new Uri(Server.Address, path).ToString());

    /// <summary>Sends texts of a name; returns the id of the last one.</summary>
    public async Task<string> SendAsync(int count, string priority = "bulk", string reference = "")
    {
        var id = "";
        if (count > 1)
        {
            (await Api.BatchAsync(Enumerable.Range(1, count - 1).Select(n => Line($"+4670{n:D7}", priority, $"order {n}")))).Expect(202);
        }

        id = (await Api.PostAsync("/v1/messages", Line("+46701234567", priority, reference))).Expect(202).Id!;
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        await _browser.DisposeAsync();
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        await Carrier.DisposeAsync();
        _directory.Dispose();
    }

    private static string Line(string to, string priority, string reference) => new JsonObject
    {
        ["to"] = to, ["from"] = "Shop", ["text"] = "Your parcel is on its way.", ["priority"] = priority, ["reference"] = reference.Length == 0 ? null : reference,
    }.ToJsonString();
}

using System.Net;
using Strowger.Features.Access;

namespace Strowger.Server.Tests.ConsolePage;

public sealed class SmppClientsPageTests : IAsyncLifetime
{
    private const string Path = "/settings/smpp";
    private const string Nasty = "<script>alert(1)</script>";

    private readonly ConsoleFixture _console = new();

    public async ValueTask InitializeAsync() => await _console.SignInAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_client_is_added_changed_and_removed_and_what_is_wrong_is_said_beside_what_was_typed()
    {
        Assert.Contains("Nobody may bind yet.", await _console.PageAsync(Path), StringComparison.Ordinal);

        var added = await _console.DoAsync(Path, null, ("system_id", "shop"), ("password", " with blanks "), ("rate", "2,5"), ("allow", "127.0.0.1, 10.0.0.0/8"), ("numbers", "72001 72002"), ("priority", "bulk"));
        Assert.Contains("shop may bind now.", added, StringComparison.Ordinal);
        Assert.Contains("Not bound: shop.", added, StringComparison.Ordinal);
        var settings = _console.Door.Find("shop")!.Settings;
        Assert.Equal((2.5, 2, 2), (settings.Rate, settings.Allow.Count, settings.Numbers.Count));

        var wrong = await _console.DoAsync(Path, null, ("system_id", Nasty), ("password", "geheim"), ("channel", "a"));
        Assert.Contains("role=\"alert\"", wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", wrong, StringComparison.Ordinal);
        Assert.Single(_console.Door.Clients);

        Assert.Contains("it counts from now on", await _console.DoAsync(Path + "/shop/change", null, ("rate", ""), ("window", "7"), ("numbers", ""), ("channel", Nasty[..15]), ("password", "")), StringComparison.Ordinal);
        var changed = _console.Door.Find("shop")!.Settings;
        Assert.Equal((null, 7, 0, settings.PasswordHash), (changed.Rate, changed.Window, changed.Numbers.Count, changed.PasswordHash));
        Assert.Contains("value=\"&lt;script&gt;", await _console.Http.GetStringAsync(Path + "/shop"), StringComparison.Ordinal);
        Assert.Contains("is not a number", await _console.DoAsync(Path + "/shop/change", null, ("rate", "fast")), StringComparison.Ordinal);

        Assert.Contains("shop was removed", await _console.DoAsync(Path + "/shop/remove"), StringComparison.Ordinal);
        Assert.Empty(_console.Door.Clients);
        await _console.PageAsync(Path + "/shop", status: HttpStatusCode.NotFound);
        Assert.Contains("SMPP client changed", await _console.PageAsync("/settings/audit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_look_admins_change_and_a_form_without_its_token_does_nothing()
    {
        await _console.DoAsync(Path, null, ("system_id", "shop"), ("password", "geheim"));
        using var operating = await _console.SignedInAsync(Role.Operator);
        using var support = await _console.SignedInAsync(Role.Support);

        var seen = await _console.PageAsync(Path, operating) + await _console.PageAsync(Path + "/shop", operating);
        Assert.DoesNotContain("method=\"post\" action=\"/settings/smpp", seen, StringComparison.Ordinal);
        using var refused = await ConsoleFixture.PostAsync(operating, Path + "/shop/remove", await ConsoleFixture.FormOfAsync(operating, "/"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await _console.PageAsync(Path, support, HttpStatusCode.Forbidden);
        using var forged = await ConsoleFixture.PostAsync(_console.Http, Path + "/shop/remove", null);
        Assert.NotEqual(HttpStatusCode.SeeOther, forged.StatusCode);
        Assert.Single(_console.Door.Clients);
    }
}

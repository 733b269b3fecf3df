using System.Net;
using System.Text.RegularExpressions;
using Strowger.Features.Access;

namespace Strowger.Server.Tests.ConsolePage;

public sealed partial class SettingsPageTests : IAsyncLifetime
{
    private readonly ConsoleFixture _console = new();

    public async ValueTask InitializeAsync() => await _console.SignInAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_keys_secret_is_seen_once()
    {
        using var made = await ConsoleFixture.PostAsync(_console.Http, "/settings/keys", await ConsoleFixture.FormOfAsync(_console.Http, "/"), ("name", "shop"), ("right", Rights.MessagesWrite), ("rate", "2.5"), ("days", "30"));
        var shown = await made.Content.ReadAsStringAsync();
        var secret = Secret().Match(shown).Groups[1].Value;
        Assert.StartsWith("sk_", secret, StringComparison.Ordinal);
        Assert.Contains("whsec_", shown, StringComparison.Ordinal);
        using var rotated = await ConsoleFixture.PostAsync(_console.Http, "/settings/keys/rotate", await ConsoleFixture.FormOfAsync(_console.Http, "/"), ("name", "shop"));
        Assert.Contains("whsec_", await rotated.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var page = await _console.PageAsync("/settings/keys");
        Assert.DoesNotContain(secret, page, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", page, StringComparison.Ordinal);
        Assert.Contains("messages:write", page, StringComparison.Ordinal);
        Assert.Equal(2.5, _console.Settings.Keys.List()[0].RatePerSecond);
        Assert.Contains("shop was removed", await _console.DoAsync("/settings/keys/remove", null, ("name", "shop")), StringComparison.Ordinal);
        Assert.Empty(_console.Settings.Keys.List());
        Assert.Contains("choose at least one", await _console.DoAsync("/settings/keys", null, ("name", "shop")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_are_added_changed_and_kept_out()
    {
        Assert.Contains("bob may sign in now.", await _console.DoAsync("/settings/users/add", null, ("name", "bob"), ("password", ConsoleFixture.Password), ("role", "support")), StringComparison.Ordinal);
        Assert.Contains("The password is not allowed", await _console.DoAsync("/settings/users/add", null, ("name", "eve"), ("password", "short"), ("role", "admin")), StringComparison.Ordinal);
        await _console.DoAsync("/settings/users/role", null, ("name", "bob"), ("role", "operator"));
        Assert.Equal("operator", _console.Users.Find("bob")!.Role);
        await _console.DoAsync("/settings/users/off", null, ("name", "bob"));
        Assert.True(_console.Users.Find("bob")!.IsOff);
        await _console.DoAsync("/settings/users/remove", null, ("name", "bob"));
        Assert.Empty(_console.Users.List());
        var audit = await _console.PageAsync("/settings/audit");
        Assert.Contains("role changed: support → operator", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_and_shared_links_are_seen_and_ended()
    {
        using var support = await _console.SignedInAsync(Role.Support);
        await _console.AddChannelAsync();
        var id = await _console.SendAsync("""{"to":"+46701234567","from":"Shop","text":"hi"}""");
        await _console.DoAsync($"/messages/{id}/share", support);
        var page = await _console.PageAsync("/settings/open");
        Assert.Contains("user-support", page, StringComparison.Ordinal);
        Assert.Contains(id.ToString(), page, StringComparison.Ordinal);

        var links = Ids().Matches(page[page.IndexOf("links-head", StringComparison.Ordinal)..]);
        Assert.Contains("That link shows nothing any more.", await _console.DoAsync("/settings/open/link", null, ("id", links[0].Groups[1].Value)), StringComparison.Ordinal);
        var session = _console.Settings.Logins.ListSessions().Single(s => s.Session.Who == "user-support").Id;
        Assert.Contains("That session is over.", await _console.DoAsync("/settings/open/session", null, ("id", session), ("who", "user-support")), StringComparison.Ordinal);
        await _console.PageAsync("/", support, HttpStatusCode.Unauthorized);
        Assert.Contains("It was over already.", await _console.DoAsync("/settings/open/session", null, ("id", "nonsense")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_keeps_themselves_out()
    {
        using var admin = await _console.SignedInAsync(Role.Admin);
        Assert.Contains("That is your own account", await _console.DoAsync("/settings/users/off", admin, ("name", "user-admin")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_are_set_up_by_showing_one_and_a_new_password_ends_the_session()
    {
        using var support = await _console.SignedInAsync(Role.Support);
        var secret = Totp.FromBase32(TotpSecret().Match(await _console.DoAsync("/settings/me/codes", support)).Groups[1].Value)!;
        Assert.Contains("That code does not fit", await _console.DoAsync("/settings/me/codes-on", support, ("secret", Totp.ToBase32(secret)), ("code", "12345")), StringComparison.Ordinal);
        var code = Totp.Code(secret, Totp.StepOf(TimeProvider.System.GetUtcNow()));
        Assert.Contains("signing in asks for a code too", await _console.DoAsync("/settings/me/codes-on", support, ("secret", Totp.ToBase32(secret)), ("code", code)), StringComparison.Ordinal);
        Assert.Contains("The present password is wrong.", await _console.DoAsync("/settings/me/password", support, ("password", "wrong"), ("new", "ten green herons")), StringComparison.Ordinal);
        await _console.DoAsync("/settings/me/password", support, ("password", ConsoleFixture.Password), ("new", "ten green herons"));
        await _console.PageAsync("/", support, HttpStatusCode.Unauthorized);
    }

    [GeneratedRegex("name=\"id\" value=\"([0-9a-f]{64})\"")]
    private static partial Regex Ids();

    [GeneratedRegex("id=\"secret\">([^<]+)<")]
    private static partial Regex Secret();

    [GeneratedRegex("id=\"totp-secret\">([A-Z2-7]+)<")]
    private static partial Regex TotpSecret();
}

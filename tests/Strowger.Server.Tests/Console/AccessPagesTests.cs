using System.Net;
using System.Text.RegularExpressions;
using Strowger.Features.Access;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

/// <summary>Who gets in, what each may, in which language.</summary>
public sealed partial class AccessPagesTests : IAsyncLifetime
{
    private readonly ConsoleFixture _console = new(new DemoControls
    {
        SendMore = _ => Task.FromResult("sent"),
        BreakCarrier = _ => Task.FromResult("broken"),
        Kill = () => { },
    });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task All_eight_places_answer_and_mark_themselves()
    {
        await _console.SignInAsync();
        foreach (var place in Place.All)
        {
            var page = await _console.PageAsync(place.Path);
            Assert.Contains($"aria-current=\"page\" data-key=\"{place.Letter}\"", page, StringComparison.Ordinal);
            Assert.Single(H1().Matches(page));
            Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_session_every_page_asks_who_it_is()
    {
        foreach (var place in Place.All)
        {
            await _console.PageAsync(place.Path, status: HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task A_user_signs_in_goes_where_they_wanted_and_out()
    {
        await _console.Users.AddAsync("ann", Role.Support, ConsoleFixture.Password, "test", default);
        var asked = await _console.PageAsync("/messages?q=42", status: HttpStatusCode.Unauthorized);
        Assert.Contains("name=\"next\" value=\"/messages?q=42\"", asked, StringComparison.Ordinal);
        var token = await ConsoleFixture.FormOfAsync(_console.Http, "/login");
        using var wrong = await ConsoleFixture.PostAsync(_console.Http, "/login", token, ("name", "ann"), ("password", "x"), ("next", "/work"));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        using var forged = await ConsoleFixture.PostAsync(_console.Http, "/login", null, ("name", "ann"), ("password", ConsoleFixture.Password));
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        using var away = await ConsoleFixture.PostAsync(_console.Http, "/login", token, ("name", "ann"), ("password", ConsoleFixture.Password), ("next", "//evil.example"));
        Assert.Equal("/", away.Headers.Location!.ToString());
        using var right = await ConsoleFixture.PostAsync(_console.Http, "/login", token, ("name", "ann"), ("password", ConsoleFixture.Password), ("next", "/work"));
        Assert.Equal("/work", right.Headers.Location!.ToString());
        Assert.Contains(">ann<", await _console.PageAsync("/work"), StringComparison.Ordinal);

        using var forgedOut = await ConsoleFixture.PostAsync(_console.Http, "/logout", null);
        Assert.Equal(HttpStatusCode.Forbidden, forgedOut.StatusCode);
        using var left = await ConsoleFixture.PostAsync(_console.Http, "/logout", await ConsoleFixture.FormOfAsync(_console.Http, "/"));
        Assert.Equal(HttpStatusCode.SeeOther, left.StatusCode);
        await _console.PageAsync("/work", status: HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_the_role_forbids_is_not_shown_and_refused()
    {
        using var support = await _console.SignedInAsync(Role.Support);
        var page = await _console.PageAsync("/", support);
        Assert.DoesNotContain("demo-kill", page, StringComparison.Ordinal);
        using var refused = await ConsoleFixture.PostAsync(support, "/demo/kill", await ConsoleFixture.FormOfAsync(support, "/"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("Your role, support, does not include this; it needs operator.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var worker = await _console.SignedInAsync(Role.Operator);
        Assert.Contains("demo-kill", await _console.PageAsync("/", worker), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_browsers_language_is_spoken_until_another_is_chosen()
    {
        await _console.SignInAsync();
        _console.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("de, es-MX;q=0.8, en;q=0.5");
        var spanish = await _console.PageAsync("/");
        Assert.Contains(">Mensajes<", spanish, StringComparison.Ordinal);
        Assert.Contains("strowgerTexts", await _console.PageAsync(SpanishTexts().Match(spanish).Groups[1].Value), StringComparison.Ordinal);
        var page = await _console.DoAsync("/language", null, ("language", "en"), ("back", "/plan"));
        Assert.Contains("<html lang=\"en\">", page, StringComparison.Ordinal);
        Assert.Contains(">Messages<", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_palette_finds_pages_channels_and_messages()
    {
        await _console.SignInAsync();
        await _console.AddChannelAsync();
        var id = await _console.SendAsync("""{"to":"+46701234567","from":"Shop","text":"hi"}""");
        Assert.Contains("data-path=\"/work\"", await _console.PageAsync("/console/find?q=wor"), StringComparison.Ordinal);
        Assert.Contains("data-path=\"/channels/nowhere\"", await _console.PageAsync("/console/find?q=nowh"), StringComparison.Ordinal);
        Assert.Contains($"data-path=\"/messages/{id}\"", await _console.PageAsync($"/console/find?q={id}"), StringComparison.Ordinal);
        Assert.Contains("data-path=\"/messages?q=4567\"", await _console.PageAsync("/console/find?q=4567"), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", (await _console.Http.GetStringAsync("/console/find?q=%3Cscript%3E")), StringComparison.Ordinal);
    }

    [GeneratedRegex("src=\"(/assets/[0-9a-f]+/texts.es.js)\"")]
    private static partial Regex SpanishTexts();

    [GeneratedRegex("<h1")]
    private static partial Regex H1();
}

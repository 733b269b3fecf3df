using System.Net;
using System.Text;
using Strowger.Features.Access;

namespace Strowger.Server.Tests.ConsolePage;

public sealed class CampaignsPageTests : IAsyncLifetime
{
    private const string Csv = "to,name\n+46701234567,Ann\n12,Bob\n+46701234568,<b>Eve</b>\n";
    private readonly ConsoleFixture _console = new();

    public async ValueTask InitializeAsync() => await _console.SignInAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_file_is_shown_before_it_is_sent_and_then_followed_held_and_ended()
    {
        await _console.AddChannelAsync();
        _console.Channels.Find("nowhere")!.Stage.Pause();
        Assert.Contains("No campaign is running.", await _console.PageAsync("/campaigns"), StringComparison.Ordinal);

        using var shown = await UploadAsync(_console.Http, Csv, "Hello {name}");
        var raw = await shown.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        Assert.Contains("Hello &lt;b&gt;Eve", raw, StringComparison.Ordinal);
        Assert.Contains("Yes, send 2 texts", raw, StringComparison.Ordinal);
        Assert.Contains("1 rows cannot be sent", raw, StringComparison.Ordinal);
        Assert.Equal(0, _console.Engine.LastId.Value);

        var page = await _console.DoAsync("/campaigns/start", null, ("draft", "1"));
        Assert.Contains("May has begun.", page, StringComparison.Ordinal);
        var id = _console.Campaigns.List(1)[0].Id;
        var path = "/campaigns/" + new Features.Campaigns.CampaignId(id);
        Assert.Contains("Held: 2 texts wait", await _console.DoAsync(path + "/pause"), StringComparison.Ordinal);
        Assert.Contains("It goes on.", await _console.DoAsync(path + "/resume"), StringComparison.Ordinal);
        Assert.Contains("tick the box", await _console.DoAsync(path + "/cancel"), StringComparison.Ordinal);
        Assert.Contains("nothing of it leaves any more", await _console.DoAsync(path + "/cancel", null, ("confirm", "yes")), StringComparison.Ordinal);
        await _console.PageSaysAsync(path, "Ended before its end");
        Assert.Contains("not kept any more", await _console.DoAsync("/campaigns/start", null, ("draft", "1")), StringComparison.Ordinal);
        Assert.StartsWith("line,id,to", await _console.Http.GetStringAsync(path + "/results"), StringComparison.Ordinal);
        await _console.PageAsync("/campaigns/cmp_0000000000099", status: HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_said_and_what_was_typed_stays()
    {
        await _console.AddChannelAsync();
        using var answer = await UploadAsync(_console.Http, Csv, "Hello {nome}");
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("there is no column 'nome'", page, StringComparison.Ordinal);
        Assert.Contains("Hello {nome}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Support_looks_and_changes_nothing()
    {
        await _console.AddChannelAsync();
        var browser = await _console.SignedInAsync(Role.Support);
        Assert.DoesNotContain("New campaign", await _console.PageAsync("/campaigns", browser), StringComparison.Ordinal);
        await _console.PageAsync("/campaigns/new", browser, HttpStatusCode.Forbidden);
    }

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient browser, string csv, string text)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(await ConsoleFixture.FormOfAsync(browser, "/campaigns/new")), "form_token" },
            { new StringContent("May"), "name" },
            { new StringContent("12345"), "from" },
            { new StringContent(text), "text" },
            { new StringContent(csv, Encoding.UTF8, "text/csv"), "file", "may.csv" },
        };
        return await browser.PostAsync("/campaigns/new", form);
    }
}

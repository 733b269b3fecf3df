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
        Assert.Contains("cannot be sent: 1 row.", raw, StringComparison.Ordinal);
        Assert.Equal(0, _console.Engine.LastId.Value);

        var page = await _console.DoAsync("/campaigns/start", null, ("draft", "1"));
        Assert.Contains("May has begun.", page, StringComparison.Ordinal);
        var id = _console.Campaigns.List(1)[0].Id;
        var path = "/campaigns/" + new Features.Campaigns.CampaignId(id);
        Assert.Contains("Held with 2 texts left", await _console.DoAsync(path + "/pause"), StringComparison.Ordinal);
        Assert.Contains("It goes on.", await _console.DoAsync(path + "/resume"), StringComparison.Ordinal);
        Assert.Contains("tick the box", await _console.DoAsync(path + "/cancel"), StringComparison.Ordinal);
        Assert.Contains("nothing of it leaves any more", await _console.DoAsync(path + "/cancel", null, ("confirm", "yes")), StringComparison.Ordinal);
        await _console.PageSaysAsync(path, "Ended before its end");
        Assert.Contains("not kept any more", await _console.DoAsync("/campaigns/start", null, ("draft", "1")), StringComparison.Ordinal);
        Assert.StartsWith("line,id,to", await _console.Http.GetStringAsync(path + "/results"), StringComparison.Ordinal);
        await _console.PageAsync("/campaigns/cmp_0000000000099", status: HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Its_rate_is_changed_live_its_cost_is_told_and_who_did_it_is_in_the_audit()
    {
        await _console.AddChannelAsync();
        Assert.Contains("nowhere was changed", await _console.DoAsync("/channels/nowhere/change", null, ("price", "0,5")), StringComparison.Ordinal);
        await _console.DoAsync("/channels/nowhere/pause");
        using var shown = await UploadAsync(_console.Http, Csv, "Hello {name}");
        Assert.Contains("It costs about 1.00.", await shown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await _console.DoAsync("/campaigns/start", null, ("draft", "1"));
        var path = "/campaigns/" + new Features.Campaigns.CampaignId(_console.Campaigns.List(1)[0].Id);

        Assert.Contains("It goes at 2.5 a second at most from now on.", await _console.DoAsync(path + "/rate", null, ("rate", "2,5")), StringComparison.Ordinal);
        Assert.Contains("is not a rate", await _console.DoAsync(path + "/rate", null, ("rate", "fast")), StringComparison.Ordinal);
        Assert.Equal(2.5, _console.Campaigns.List(1)[0].Rate);
        Assert.Contains("as fast as its channels", await _console.DoAsync(path + "/rate"), StringComparison.Ordinal);
        Assert.Null(_console.Campaigns.List(1)[0].Rate);
        await _console.DoAsync(path + "/pause");
        var audit = await _console.PageAsync("/settings/audit");
        Assert.Contains("campaign's rate: no limit → 2.5", audit, StringComparison.Ordinal);
        Assert.Contains("campaign held", audit, StringComparison.Ordinal);
        Assert.Contains("campaign begun: May", audit, StringComparison.Ordinal);

        var support = await _console.SignedInAsync(Role.Support);
        using var refused = await ConsoleFixture.PostAsync(support, path + "/rate", await ConsoleFixture.FormOfAsync(support, "/"), ("rate", "1"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_hostile_name_sender_and_text_are_only_text_wherever_they_are_shown()
    {
        const string Hostile = "<img src=x onerror=alert(1)>";
        await _console.AddChannelAsync();
        _console.Channels.Find("nowhere")!.Stage.Pause();
        using var shown = await UploadAsync(_console.Http, "to,name\n+46701234567," + Hostile + "\n12," + Hostile + "\n", Hostile + "{name}", Hostile);
        var pages = new List<string> { await shown.Content.ReadAsStringAsync() };
        Assert.Contains("&lt;img src=x", pages[0], StringComparison.Ordinal);
        await _console.DoAsync("/campaigns/start", null, ("draft", "1"));
        var path = "/campaigns/" + new Features.Campaigns.CampaignId(_console.Campaigns.List(1)[0].Id);
        foreach (var page in new[] { "/campaigns", path, "/settings/audit", "/messages?campaign=" + Uri.EscapeDataString(Hostile), "/messages?q=" + Uri.EscapeDataString(Hostile), "/problems" })
        {
            pages.Add(await _console.Http.GetStringAsync(page));
        }

        Assert.All(pages, page => Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal));
        Assert.All(pages[1..4], page => Assert.Contains("&lt;img src=x", page, StringComparison.Ordinal));
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

    /// <summary>One row for each thing that can be wrong with one.</summary>
    private static readonly string[] _wrongRows =
    [
        ",empty", "0701234567,zero", "+46 70 123,blank", "+4670x23456,letter", "12,short", "1234567890123456,long", "+46701234568,", "+46701234569,a,b",
        "+46701234570," + new string('x', 2000),
    ];

    [Fact]
    public async Task Refused_rows_and_what_is_wrong_with_a_form_are_told_in_Spanish()
    {
        await _console.AddChannelAsync();
        _console.Channels.Find("nowhere")!.Stage.Pause();
        var csv = "to,name\n+46701234567,Ann\n" + string.Join('\n', _wrongRows) + "\n";
        await UploadAsync(_console.Http, csv, "{name}");
        await _console.DoAsync("/campaigns/start", null, ("draft", "1"));
        var campaign = _console.Campaigns.List(1)[0];
        var english = _console.Campaigns.Refused(campaign.Id).Select(row => row.Detail).ToList();
        Assert.Equal(_wrongRows.Length, english.Count);

        _console.SpeakSpanish();
        var page = await _console.PageAsync("/campaigns/" + new Features.Campaigns.CampaignId(campaign.Id));
        Assert.Contains("el número empieza por 0; quite el 0 o el 00", page, StringComparison.Ordinal);
        using var draft = await UploadAsync(_console.Http, csv, "{name}");
        Assert.All(new[] { page, WebUtility.HtmlDecode(await draft.Content.ReadAsStringAsync()) }, shown => Assert.All(english, detail =>
        {
            Assert.DoesNotContain(detail, shown, StringComparison.Ordinal);
            Assert.Contains(Server.ConsolePage.Language.Spanish.Told(detail), shown, StringComparison.Ordinal);
        }));

        Assert.Contains("no hay ninguna columna 'nome'", await SaysAsync(csv, "{nome}"), StringComparison.Ordinal);
        Assert.Contains("no se cierra; escriba '{{' para una llave", await SaysAsync(csv, "Hello {name"), StringComparison.Ordinal);
        Assert.Contains("no hay ninguna columna 'to'", await SaysAsync("a,b\n1,2\n", "x"), StringComparison.Ordinal);
        Assert.Contains("no se puede enviar ninguna de las 1 filas; la primera, línea 2: el número tiene menos de 7 cifras", await SaysAsync("to\n12\n", "x"), StringComparison.Ordinal);
        Assert.Contains("no hay ninguna fila bajo la cabecera", await SaysAsync("to\n", "x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Support_looks_and_changes_nothing()
    {
        await _console.AddChannelAsync();
        var browser = await _console.SignedInAsync(Role.Support);
        Assert.DoesNotContain("New campaign", await _console.PageAsync("/campaigns", browser), StringComparison.Ordinal);
        await _console.PageAsync("/campaigns/new", browser, HttpStatusCode.Forbidden);
    }

    private async Task<string> SaysAsync(string csv, string text)
    {
        using var answer = await UploadAsync(_console.Http, csv, text);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpResponseMessage> UploadAsync(HttpClient browser, string csv, string text, string name = "May")
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(await ConsoleFixture.FormOfAsync(browser, "/campaigns/new")), "form_token" },
            { new StringContent(name), "name" },
            { new StringContent("12345"), "from" },
            { new StringContent(text), "text" },
            { new StringContent(csv, Encoding.UTF8, "text/csv"), "file", "may.csv" },
        };
        return await browser.PostAsync("/campaigns/new", form);
    }
}

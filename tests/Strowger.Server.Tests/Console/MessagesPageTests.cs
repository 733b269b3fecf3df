using System.Net;
using System.Text.RegularExpressions;
using Strowger.Features.Access;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Limits;
using Strowger.Server.Tests.Http;

namespace Strowger.Server.Tests.ConsolePage;

public sealed partial class MessagesPageTests : IAsyncLifetime
{
    private const string Nasty = "<script>alert(1)</script><img src=x onerror=alert(2)>";

    private const string Text = """{"to":"+46701234567","from":"Shop","text":"hi"}""";

    private readonly ConsoleFixture _console = new();

    public async ValueTask InitializeAsync()
    {
        await _console.AddChannelAsync();
        await _console.SignInAsync();
    }

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Theory]
    [InlineData("+46 70-123 45 67", "to +46701234567")]
    [InlineData("0046 (0)70 123 45 67", "to +46701234567")]
    [InlineData("46701234567", "to +46701234567")]
    [InlineData("070-123 45 67", "numbers that end so")]
    [InlineData("4567", "numbers that end so")]
    [InlineData("order 17", "with the reference order 17")]
    public async Task A_text_is_found_by_any_form_of_its_number_and_by_its_reference(string query, string words)
    {
        var id = await _console.SendAsync("""{"to":"+46701234567","from":"Shop","text":"hi","reference":"order 17"}""");
        await _console.SendAsync("""{"to":"+46709999999","from":"Shop","text":"hi","reference":"order 18"}""");
        var page = await _console.PageSaysAsync("/messages?q=" + Uri.EscapeDataString(query), words);
        Assert.Equal([$"/messages/{id}"], Rows().Matches(page).Select(m => m.Groups[1].Value));
    }

    [Fact]
    public async Task An_id_leads_to_its_message_and_what_is_not_there_is_said()
    {
        var id = await _console.SendAsync("""{"to":"+46701234567","from":"Shop","text":"hi"}""");
        using var answer = await _console.Http.GetAsync($"/messages?q={id}");
        Assert.Equal($"/messages/{id}", answer.Headers.Location!.ToString());
        Assert.Contains("There is no message of this id", await _console.PageAsync("/messages?q=msg_0000000000zzz"), StringComparison.Ordinal);
        await _console.PageAsync("/messages/msg_0000000000zzz", status: HttpStatusCode.NotFound);
        Assert.Contains("Nothing found.", await _console.PageAsync("/messages?q=nosuch"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_waits_for_its_senders_limit_names_the_limit()
    {
        Assert.True(await _console.Channels.ChangeAsync(new ChannelSettings { Name = "nowhere", Kind = "discard", Limits = [new SenderLimit { Name = "brand-x", PerDay = 1, TimeZone = CampaignTests.Noon() }] }));
        await _console.PageSaysAsync($"/messages/{await _console.SendAsync(Text)}", "nowhere has it since");

        var waiting = await _console.SendAsync(Text);

        var page = await _console.PageSaysAsync($"/messages/{waiting}", "Shop has used up its limit brand-x");
        Assert.Contains("Texts of other senders go on.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_texts_words_are_shown_as_words()
    {
        var id = await _console.SendAsync($$"""{"to":"+46701234567","from":"Shop","text":"{{Nasty}}","reference":"\"><script>"}""");
        foreach (var path in new[] { $"/messages/{id}", "/messages" })
        {
            var page = await _console.Http.GetStringAsync(path);
            Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", page, StringComparison.Ordinal);
        }

        Assert.Contains(Nasty, await _console.PageAsync($"/messages/{id}"), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", await _console.Http.GetStringAsync("/messages?q=" + Uri.EscapeDataString(Nasty)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_answer_says_where_it_is_and_why()
    {
        var sent = await _console.SendAsync("""{"to":"+46701234567","from":"Shop","text":"hi"}""");
        var page = await _console.PageSaysAsync($"/messages/{sent}", "nowhere has it since");
        Assert.Contains("accepted, on disk", page, StringComparison.Ordinal);
        Assert.Contains("handed to nowhere", page, StringComparison.Ordinal);

        await _console.DoAsync("/channels/nowhere/pause");
        var waiting = await _console.SendAsync("""{"to":"+46701234567","from":"Shop","text":"hi"}""");
        await _console.PageSaysAsync($"/messages/{waiting}", "It waits because nowhere is paused.");
        Assert.Contains("It was cancelled before it left.", await _console.DoAsync($"/messages/{waiting}/cancel"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_handed_it_in_is_said_by_the_keys_name()
    {
        var key = new ApiKeys(_console.Settings, TimeProvider.System, new FailedAttempts(TimeProvider.System), null).Create("shop", [Rights.MessagesWrite], null, null, "test")!;
        var texts = new List<MessageId>();
        foreach (var account in new[] { key.Record.Id.ToString(), "smpp:<b>partner", "99", "" })
        {
            var sent = await _console.Messaging.SendAsync("""{"to":"+46701234567","from":"Shop","text":"hi"}"""u8, default, dryRun: false, CancellationToken.None, account);
            texts.Add(sent.Id);
        }

        Assert.Contains("key shop", await _console.PageAsync($"/messages/{texts[0]}"), StringComparison.Ordinal);
        Assert.Contains("smpp:&lt;b&gt;partner", await _console.Http.GetStringAsync($"/messages/{texts[1]}"), StringComparison.Ordinal);
        Assert.Contains("a key that was removed (number 99)", await _console.PageAsync($"/messages/{texts[2]}"), StringComparison.Ordinal);
        Assert.DoesNotContain("Handed in by", await _console.PageAsync($"/messages/{texts[3]}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Support_resends_and_shares_but_does_not_cancel()
    {
        using var support = await _console.SignedInAsync(Role.Support);
        var id = await _console.SendAsync("""{"to":"+46701234567","from":"Shop","text":"the words"}""");
        var page = await _console.DoAsync($"/messages/{id}/resend", support);
        Assert.Contains("Sent again under a new id.", page, StringComparison.Ordinal);
        Assert.Contains("message.resend", _console.Settings.Audit.List().Select(e => e.Action));
        using var refused = await ConsoleFixture.PostAsync(support, $"/messages/{id}/cancel", await ConsoleFixture.FormOfAsync(support, "/"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        var link = Share().Match(await _console.DoAsync($"/messages/{id}/share", support)).Groups[1].Value;
        using var stranger = _console.NewBrowser();
        var shared = await _console.PageAsync(link, stranger);
        Assert.Contains("+46701234567", shared, StringComparison.Ordinal);
        Assert.DoesNotContain("the words", shared, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", shared, StringComparison.Ordinal);
        await _console.PageAsync("/share/wrong", stranger, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_evidence_names_ids_and_pdus_and_not_the_words()
    {
        var id = await _console.SendAsync("""{"to":"+46701234567","from":"Shop","text":"the words"}""");
        await _console.PageSaysAsync($"/messages/{id}", "nowhere has it since");
        var evidence = await _console.PageAsync($"/messages/{id}/evidence");
        Assert.Contains($"Message   {id}", evidence, StringComparison.Ordinal);
        Assert.Contains("submit_sm out", evidence, StringComparison.Ordinal);
        Assert.DoesNotContain("the words", evidence, StringComparison.Ordinal);
    }

    [GeneratedRegex("data-row(?:=\"\")? href=\"(/messages/[^\"]+)\"")]
    private static partial Regex Rows();

    [GeneratedRegex("id=\"share-link\">https?://[^/]+(/share/[^<]+)<")]
    private static partial Regex Share();
}

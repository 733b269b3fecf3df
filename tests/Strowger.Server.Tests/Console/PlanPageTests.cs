using System.Net;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

public sealed class PlanPageTests : IAsyncLifetime
{
    private const string Asked = "/plan?subscribers=2,000&texts=1&limit=5&name=a&rate=200&binds=2&window=50&answer=80&price=0.05";

    private readonly ConsoleFixture _console = new();

    public async ValueTask InitializeAsync() => await _console.SignInAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task Before_anybody_asks_it_holds_the_channels_that_run()
    {
        await _console.AddChannelAsync();
        var page = await _console.PageAsync("/plan");
        Assert.Contains("When would the last one have it?", page, StringComparison.Ordinal);
        Assert.Contains("value=\"nowhere\"", page, StringComparison.Ordinal);
        Assert.Contains("hx-get=\"/plan?late=1\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_formula_answers_at_once_and_the_simulation_when_it_is_asked_for()
    {
        var page = await _console.PageAsync(Asked + "&on=0");
        Assert.Contains("The last of 2,000 texts is with the carrier after", page, StringComparison.Ordinal);
        Assert.Contains("By formula; being simulated", page, StringComparison.Ordinal);
        Assert.Contains("It costs about 100: 2,000 parts at 0.05.", page, StringComparison.Ordinal);
        Assert.Contains("limit=5&name=a&rate=200", page, StringComparison.Ordinal);

        page = await _console.PageAsync(Asked + "&on=0&simulate=1");
        Assert.Contains("By simulation with the server's own queue", page, StringComparison.Ordinal);
        Assert.Contains("For nobody to wait over 5 s:", page, StringComparison.Ordinal);
        Assert.Contains("Simulated, the longest wait is", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"answer\" hx-get", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "No channel is ticked")]
    [InlineData("&on=0&codes=many", "many is not a number.")]
    [InlineData("&on=0&parts=1.5", "1.5 is not a whole number.")]
    [InlineData("&on=0&binds=999", "")]
    public async Task What_cannot_be_planned_is_said_and_what_was_typed_stays(string more, string words)
    {
        var asked = more.Contains("binds", StringComparison.Ordinal) ? Asked.Replace("binds=2", "binds=999", StringComparison.Ordinal) + "&on=0" : Asked + more;
        var page = await _console.PageAsync(asked, status: HttpStatusCode.UnprocessableEntity);
        Assert.Contains(words.Length > 0 ? words : "binds of a is 999; allowed is 1 to 64.", page, StringComparison.Ordinal);
        Assert.Contains("value=\"2,000\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_alone_and_more_than_the_channels_carry_are_answered_too()
    {
        var codes = Asked.Replace("subscribers=2,000", "subscribers=0", StringComparison.Ordinal) + "&on=0&codes=";
        Assert.Contains("Of the codes half wait over", await _console.PageAsync(codes + "198"), StringComparison.Ordinal);
        Assert.Contains("their wait grows without end", await _console.PageAsync(codes + "300"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_end_in_its_time_is_said_and_asked_for_no_more_by_itself()
    {
        await using var hasty = new ConsoleFixture(planTime: TimeSpan.Zero);
        await hasty.SignInAsync();
        var page = await hasty.PageAsync(Asked + "&on=0&simulate=1");
        Assert.Contains("By formula; the simulation did not end in its time.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"answer\" hx-get", page, StringComparison.Ordinal);
        page = await hasty.PageAsync("/plan?late=1");
        Assert.Contains("The log could not be read in its time", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"late\" class=\"part\" aria-labelledby=\"late-head\" hx-get", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0003, "under 1 ms", "menos de 1 ms")]
    [InlineData(0.0018, "2 ms", "2 ms")]
    [InlineData(double.PositiveInfinity, "without end", "sin fin")]
    public void A_wait_is_a_duration_however_short(double seconds, string english, string spanish)
    {
        Assert.Equal(english, PlanSentence.Time(Language.English, seconds));
        Assert.Equal(spanish, PlanSentence.Time(Language.Spanish, seconds));
    }

    [Theory]
    [InlineData("&subscribers=99999999999999", "abonados: 99999999999999; se admite de 0 a ")]
    [InlineData("&texts=2000000000", "mensajes a cada uno: 2000000000; se admite de 1 a ")]
    [InlineData("&parts=256", "partes de cada uno: 256; se admite de 1 a 255.")]
    [InlineData("&codes=1000000000", "códigos por segundo: 1000000000; se admite de 0 a ")]
    [InlineData("&limit=0", "espera máxima en segundos: 0; se admite de 0.1 a 31536000.")]
    [InlineData("&rate=0", "velocidad de a: 0; se admite de 0.001 a 10000000.")]
    [InlineData("&binds=0", "conexiones de a: 0; se admite de 1 a 64.")]
    [InlineData("&window=0", "ventana de a: 0; se admite de 1 a 10000.")]
    [InlineData("&answer=0", "respuesta de a en ms: 0; se admite de 0.1 a 600000.")]
    public async Task What_is_out_of_range_is_said_in_Spanish_too(string wrong, string words)
    {
        _console.SpeakSpanish();
        var name = wrong[1..wrong.IndexOf('=', StringComparison.Ordinal)];
        var asked = System.Text.RegularExpressions.Regex.Replace(Asked, $"(?<=[?&]){name}=[^&]*&?", "") + wrong + "&on=0";
        var page = await _console.PageAsync(asked, status: HttpStatusCode.UnprocessableEntity);
        Assert.Contains(words, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_channels_name_is_only_a_name()
    {
        using var answer = await _console.Http.GetAsync(Asked.Replace("name=a", "name=" + Uri.EscapeDataString("<script>alert(1)</script>"), StringComparison.Ordinal) + "&on=0");
        Assert.DoesNotContain("<script>alert", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lateness_is_told_by_where_it_arises_in_the_readers_language()
    {
        await _console.AddChannelAsync();
        Assert.Contains("Nothing was answered in the last", await _console.PageAsync("/plan?late=1"), StringComparison.Ordinal);
        var made = DateTime.UtcNow.AddSeconds(-90).ToString("O");
        var id = await _console.SendAsync($$"""{"to":"+46701234567","from":"Shop","text":"hi","generated_at":"{{made}}"}""");
        await _console.PageSaysAsync($"/messages/{id}", "nowhere has it since");
        await _console.PageSaysAsync("/plan?late=1", "before it came to us");

        _console.Http.DefaultRequestHeaders.AcceptLanguage.ParseAdd("es");
        Assert.Contains("antes de llegarnos", await _console.PageAsync("/plan?late=1&minutes=60"), StringComparison.Ordinal);
    }
}

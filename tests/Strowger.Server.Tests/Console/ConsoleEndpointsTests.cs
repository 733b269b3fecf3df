using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Strowger.Features.Access;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Tests.ConsolePage;

public sealed partial class ConsoleEndpointsTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConsoleFixture _console;

    public ConsoleEndpointsTests() => _console = new ConsoleFixture(new DemoControls
    {
        SendMore = _ => Task.FromResult("You sent 100,000 more."),
        BreakCarrier = _ => Task.FromResult("You broke the carrier."),
        Kill = _killed.SetResult,
    });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task Without_a_session_the_page_says_how_to_get_one()
    {
        using var answer = await _console.Http.GetAsync("/");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("strowger login", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var path in new[] { "/console/live", "/console/session" })
        {
            using var closed = await _console.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, closed.StatusCode);
        }

        using var pressed = await _console.PressAsync("/demo/kill", null);
        Assert.Equal(HttpStatusCode.Unauthorized, pressed.StatusCode);
        Assert.False(_killed.Task.IsCompleted);
    }

    [Fact]
    public async Task A_link_works_once()
    {
        var token = _console.Logins.CreateToken("test");
        using var first = await _console.Http.GetAsync($"/login?token={token}");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Contains("content=\"0;url=/\"", await first.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        using var page = await _console.Http.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        using var stranger = new HttpClient { BaseAddress = _console.Http.BaseAddress };
        using var second = await stranger.GetAsync($"/login?token={token}");
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.Contains("This link does not work any more.", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_the_page_needs_comes_from_here_and_nothing_is_inline()
    {
        await _console.SignInAsync();
        using var answer = await _console.Http.GetAsync("/");
        Assert.StartsWith("default-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(InlineScript(), page);

        var references = Reference().Matches(page).Select(m => m.Groups[1].Value.Split('#')[0]).ToArray();
        var folder = references[0][..(references[0].LastIndexOf('/') + 1)];
        var wanted = new Queue<string>(references);
        var got = new HashSet<string>();
        var octets = page.Length;
        while (wanted.TryDequeue(out var path))
        {
            if (!got.Add(path))
            {
                continue;
            }

            Assert.StartsWith(folder, path, StringComparison.Ordinal);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.ParseAdd("gzip");
            using var file = await _console.Http.SendAsync(request);
            Assert.True(file.IsSuccessStatusCode, path);
            Assert.Contains("immutable", file.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            var packed = await file.Content.ReadAsByteArrayAsync();
            octets += packed.Length;
            using var text = new StreamReader(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress));
            foreach (Match import in Import().Matches(await text.ReadToEndAsync()))
            {
                wanted.Enqueue(folder + import.Groups[1].Value);
            }
        }

        Assert.True(got.Count > 10, string.Join(' ', got));
        Assert.InRange(octets, 10_000, 60 * 1024);
    }

    [Fact]
    public async Task A_file_the_browser_has_is_not_sent_again()
    {
        using var first = await _console.Http.GetAsync("/assets/style.css");
        Assert.Equal("text/css", first.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-cache", first.Headers.CacheControl!.ToString());
        using var again = new HttpRequestMessage(HttpMethod.Get, "/assets/style.css");
        again.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(first.Headers.ETag!.ToString()));
        using var second = await _console.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using var none = await _console.Http.GetAsync("/assets/now.exe");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var old = await _console.Http.GetAsync("/assets/0123456789abcdef/style.css");
        Assert.Equal("no-cache", old.Headers.CacheControl!.ToString());
    }

    [Fact]
    public async Task The_stream_tells_the_past_then_the_present_and_the_life_of_a_code()
    {
        await _console.AddChannelAsync();
        await _console.SignInAsync();
        using var answer = await _console.Http.GetAsync("/console/live?topic=now", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await ConsoleFixture.ReadUntilAsync(reader, (name, _) => name == "past");
        var first = await ConsoleFixture.ReadUntilAsync(reader, (name, data) => name == "live" && data.Contains("nowhere", StringComparison.Ordinal));
        Assert.Contains("Nobody is waiting.", first, StringComparison.Ordinal);
        await _console.SendUrgentAsync();
        var second = await ConsoleFixture.ReadUntilAsync(reader, (_, data) => data.Contains("\"code\":", StringComparison.Ordinal));
        using var view = JsonDocument.Parse(second);
        var code = view.RootElement.GetProperty("code");
        Assert.Equal("…567", code.GetProperty("to").GetString());
        Assert.Equal(["accepted", "sending", "sent", "delivered"], code.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("name").GetString()));
        Assert.Equal("1.2.3", view.RootElement.GetProperty("version").GetString());
    }

    [Fact]
    public async Task An_open_stream_does_not_hold_up_the_stop()
    {
        await _console.SignInAsync();
        using var answer = await _console.Http.GetAsync("/console/live?topic=now", HttpCompletionOption.ResponseHeadersRead);
        var started = Stopwatch.GetTimestamp();
        await _console.StopAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 5);
    }

    [Fact]
    public async Task Buttons_want_the_pages_own_token()
    {
        await _console.SignInAsync();
        var token = await ConsoleFixture.FormOfAsync(_console.Http, "/");
        using var none = await _console.PressAsync("/demo/kill", null);
        Assert.Equal(HttpStatusCode.Forbidden, none.StatusCode);
        using var wrong = await _console.PressAsync("/demo/kill", ConsoleLogins.FormToken("another"));
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        using var foreign = await _console.PressAsync("/demo/kill", token, site: "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.False(_killed.Task.IsCompleted);

        using var send = await _console.PressAsync("/demo/send", token, site: "same-origin");
        Assert.Equal("""{"said":"You sent 100,000 more."}""", await send.Content.ReadAsStringAsync());
        using var kill = await _console.PressAsync("/demo/kill", token);
        Assert.Equal(HttpStatusCode.Accepted, kill.StatusCode);
        await _killed.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [GeneratedRegex("(?:src|href)=\"(/assets/[^\"]+)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("(?:from|import) \"\\./([^\"]+)\"")]
    private static partial Regex Import();

    [GeneratedRegex("<script(?![^>]*src=)|<style|\\son[a-z]+=")]
    private static partial Regex InlineScript();
}

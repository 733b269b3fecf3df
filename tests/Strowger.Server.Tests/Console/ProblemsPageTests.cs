using System.Net;
using Strowger.Features.Access;

namespace Strowger.Server.Tests.ConsolePage;

public sealed class ProblemsPageTests : IAsyncLifetime
{
    private readonly ConsoleFixture _console = new();

    public async ValueTask InitializeAsync() => await _console.SignInAsync();

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Fact]
    public async Task A_problem_is_taken_by_those_who_may_and_seen_by_all()
    {
        Assert.Contains("Nothing needs a human now.", await _console.PageAsync("/problems"), StringComparison.Ordinal);
        Assert.Contains("A test alarm is on its way", await _console.DoAsync("/problems/test"), StringComparison.Ordinal);
        var alarm = Assert.Single(_console.Alarms.Book.Open());
        using var support = await _console.SignedInAsync(Role.Support);
        var seen = await _console.PageAsync("/problems", support);
        Assert.Contains("Nobody has it yet.", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("I take it", seen, StringComparison.Ordinal);
        Assert.Contains("You have it", await _console.DoAsync($"/problems/{alarm.Id}/take", null, ("note", "a drill")), StringComparison.Ordinal);
        Assert.Empty(_console.Alarms.Book.Open());
        Assert.Contains("Over", await _console.PageAsync("/problems"), StringComparison.Ordinal);
        await _console.PageAsync("/problems/999/take", null, HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_webhooks_secret_is_seen_once_and_what_is_wrong_is_said()
    {
        Assert.Contains("https:// or http://", await _console.DoAsync("/settings/webhooks", null, ("url", "ftp://x"), ("type", "message.sent")), StringComparison.Ordinal);
        Assert.Contains("Choose at least one kind", await _console.DoAsync("/settings/webhooks", null, ("url", "https://example.com/")), StringComparison.Ordinal);
        Assert.Contains("whsec_", await _console.DoAsync("/settings/webhooks", null, ("url", "https://example.com/"), ("type", "message.sent")), StringComparison.Ordinal);
        var page = await _console.PageAsync("/settings/webhooks");
        Assert.Contains("https://example.com/", page, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", page, StringComparison.Ordinal);
        var id = _console.Webhooks.Webhooks.List()[0].Id;
        Assert.Contains("is told of nothing", await _console.DoAsync($"/settings/webhooks/{id}/switch"), StringComparison.Ordinal);
        Assert.Contains("was removed", await _console.DoAsync($"/settings/webhooks/{id}/remove"), StringComparison.Ordinal);
        Assert.Empty(_console.Webhooks.Webhooks.List());
    }
}

using System.Net;

namespace Strowger.Load.Processes;

/// <summary>Somebody who has logged in to the console of a gateway.</summary>
internal static class Browser
{
    public static async Task<HttpClient> LogInAsync(Gateway gateway, CancellationToken ct)
    {
        var login = await gateway.PostAsync("/v1/logins", "{}", ct).ConfigureAwait(false);
        var browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer(), AllowAutoRedirect = true }) { BaseAddress = gateway.Address };
        using var answer = await browser.GetAsync(new Uri(login.GetProperty("path").GetString()!, UriKind.Relative), ct).ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        return browser;
    }
}

using Strowger.Features.Access;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/language</c>: the language chosen, kept in the browser.</summary>
internal static class LanguagePage
{
    private static readonly TimeSpan _kept = TimeSpan.FromDays(365);

    public static IEnumerable<ConsoleRoute> Routes => [ConsoleRoute.Post("/language", Role.Support, ChooseAsync)];

    private static Task ChooseAsync(Visit visit)
    {
        var chosen = Language.All.FirstOrDefault(l => l.Code == visit.Field("language")) ?? Language.English;
        visit.Context.Response.Cookies.Append(Language.CookieName, chosen.Code, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = visit.Context.Request.IsHttps,
            Path = "/",
            MaxAge = _kept,
            IsEssential = true,
        });
        return visit.GoAsync(visit.Field("back") is ['/', not ('/' or '\\'), ..] back ? back : "/");
    }
}

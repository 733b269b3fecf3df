using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Strowger.Features.Access;

namespace Strowger.Server.ConsolePage;

/// <summary>The console's doors: <c>/</c>, <c>/assets/…</c>, <c>/login</c>, <c>/console/…</c> and, for the demo, <c>/demo/…</c>.</summary>
internal sealed class ConsoleEndpoints
{
    /// <summary>A form or image of another site cannot set a header, and a script there is asked for permission first (Fetch, CORS).</summary>
    public const string Header = "X-Strowger-Console";

    private readonly ConsoleServices _services;
    private readonly ConsoleAssets _assets = new();
    private readonly LiveFeed _feed;
    private readonly LiveStream _stream;
    private readonly DemoActions? _demo;

    private ConsoleEndpoints(ConsoleServices services, LiveFeed feed)
    {
        _services = services;
        _feed = feed;
        _stream = new LiveStream(feed, services);
        _demo = services.Demo is { } demo ? new DemoActions(demo, feed) : null;
    }

    /// <summary>Adds the doors and starts the feed. The caller disposes of it when the server has stopped.</summary>
    public static LiveFeed Map(IEndpointRouteBuilder routes, ConsoleServices services)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(services);
        var feed = new LiveFeed(services);
        var console = new ConsoleEndpoints(services, feed);
        routes.MapGet("/", console.PageAsync);
        routes.MapGet("/login", console.LoginAsync);
        routes.MapGet("/assets/{name}", (HttpContext context, string name) => console._assets.ServeAsync(context, name));
        routes.MapGet("/console/live", console.LiveAsync);
        routes.MapGet("/console/session", (HttpContext context) => console.IsSignedIn(context) ? Results.NoContent() : Results.Unauthorized());
        routes.MapPost("/console/logout", console.Logout);
        if (console._demo is { } demo)
        {
            routes.MapPost("/demo/send", context => console.ActAsync(context, demo.SendAsync));
            routes.MapPost("/demo/break", context => console.ActAsync(context, demo.BreakAsync));
            routes.MapPost("/demo/kill", context => console.ActAsync(context, demo.KillAsync));
        }

        return feed;
    }

    private Task PageAsync(HttpContext context) => IsSignedIn(context)
        ? _assets.ServeAsync(context, "now.html")
        : LockedAsync(context, "This console opens with a link.", "Whoever runs the server prints one on its machine:");

    private async Task LoginAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        // Opened again, or its copy in the browser's history: who is in stays in.
        if (IsSignedIn(context))
        {
            context.Response.Redirect("/");
            return;
        }

        var session = _services.Logins.Redeem(context.Request.Query["token"], context.Connection.RemoteIpAddress, out var retryAfter);
        if (session is null)
        {
            if (retryAfter > TimeSpan.Zero)
            {
                context.Response.Headers.RetryAfter = ((int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                await LockedAsync(context, "Too many links that do not work came from here.", "Wait a minute, then make a new one:", StatusCodes.Status429TooManyRequests);
                return;
            }

            await LockedAsync(context, "This link does not work any more.", "A link is good once, and for 15 minutes. Make a new one:");
            return;
        }

        context.Response.Cookies.Append(ConsoleLogins.CookieName, session.Secret, ConsoleLogins.CookieOptions(session, context.Request.IsHttps));
        context.Response.Redirect("/");
    }

    private async Task LockedAsync(HttpContext context, string title, string words, int status = StatusCodes.Status401Unauthorized)
    {
        ConsoleAssets.AddHeaders(context.Response);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var page = _assets.Text("locked.html").Replace("{title}", title, StringComparison.Ordinal).Replace("{words}", words, StringComparison.Ordinal);
        await context.Response.WriteAsync(page, context.RequestAborted);
    }

    private async Task LiveAsync(HttpContext context)
    {
        if (!IsSignedIn(context))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        await _stream.ServeAsync(context, () => IsSignedIn(context));
    }

    private IResult Logout(HttpContext context)
    {
        if (!IsFromPage(context))
        {
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        }

        _services.Logins.End(context.Request.Cookies[ConsoleLogins.CookieName]);
        context.Response.Cookies.Delete(ConsoleLogins.CookieName);
        return Results.NoContent();
    }

    private async Task ActAsync(HttpContext context, Func<HttpContext, Task> act)
    {
        if (!IsSignedIn(context) || !IsFromPage(context))
        {
            context.Response.StatusCode = IsSignedIn(context) ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized;
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        await act(context);
    }

    private bool IsSignedIn(HttpContext context) => _services.Logins.Find(context.Request.Cookies[ConsoleLogins.CookieName]) is not null;

    private static bool IsFromPage(HttpContext context) =>
        context.Request.Headers[Header] == "1"
        && context.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin";
}

using Strowger.Features.Access;

namespace Strowger.Server.ConsolePage;

/// <summary>The console's doors: its pages, <c>/assets/…</c>, <c>/login</c>, the stream and, for the demo, <c>/demo/…</c>.</summary>
internal static class ConsoleEndpoints
{
    /// <summary>Adds the doors and starts the feed. The caller disposes of it when the server has stopped.</summary>
    public static LiveFeed Map(IEndpointRouteBuilder routes, ConsoleServices services)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(services);
        var feed = new LiveFeed(services);
        services.Newest = () => feed.Newest;
        var stream = new LiveStream(feed, services);
        var signIn = new SignInPage(services);
        var door = new ConsoleDoor(services, signIn);
        signIn.Map(routes);
        new MessagesPage(services, feed).MapShared(routes);
        routes.MapGet("/assets/{name}", (HttpContext context, string name) => services.Assets.ServeAsync(context, name, null));
        routes.MapGet("/assets/{version}/{name}", (HttpContext context, string version, string name) => services.Assets.ServeAsync(context, name, version));
        routes.MapGet("/console/live", context => LiveAsync(context, services, stream));
        routes.MapGet("/console/session", (HttpContext context) => IsSignedIn(context, services) ? Results.NoContent() : Results.Unauthorized());
        foreach (var route in ConsolePages.Routes(services, feed))
        {
            door.Map(routes, route);
        }

        if (services.Demo is { } demo)
        {
            var actions = new DemoActions(demo, feed);
            door.Map(routes, ConsoleRoute.Post("/demo/send", Role.Operator, v => actions.SendAsync(v.Context)));
            door.Map(routes, ConsoleRoute.Post("/demo/break", Role.Operator, v => actions.BreakAsync(v.Context)));
            door.Map(routes, ConsoleRoute.Post("/demo/kill", Role.Operator, v => actions.KillAsync(v.Context)));
        }

        return feed;
    }

    private static async Task LiveAsync(HttpContext context, ConsoleServices services, LiveStream stream)
    {
        if (!IsSignedIn(context, services))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        await stream.ServeAsync(context, () => IsSignedIn(context, services));
    }

    private static bool IsSignedIn(HttpContext context, ConsoleServices services) =>
        services.Logins.Find(context.Request.Cookies[ConsoleLogins.CookieName]) is not null;
}

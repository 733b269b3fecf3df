using System.Globalization;
using Strowger.Features.Access;

namespace Strowger.Server.ConsolePage;

/// <summary>In and out: <c>/login</c> by link or by name, <c>/logout</c>.</summary>
internal sealed class SignInPage(ConsoleServices services)
{
    /// <summary>Ties the sign-in form to the browser it was shown in, before there is a session.</summary>
    private const string FormCookie = "strowger_form";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login", EnterAsync);
        routes.MapPost("/login", SignInAsync);
        routes.MapPost("/logout", LogoutAsync);
    }

    /// <summary>The page that asks who it is.</summary>
    public Task ShowAsync(HttpContext context, int status, string? problem = null, string? name = null, bool isLink = false)
    {
        var hasUsers = services.Users.List().Count > 0;
        var cookie = context.Request.Cookies[FormCookie];
        if (hasUsers && cookie is not { Length: > 20 and < 100 })
        {
            cookie = ConsoleLogins.NewFormCookie();
            context.Response.Cookies.Append(FormCookie, cookie, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = "/", IsEssential = true });
        }

        var language = Language.Of(context);
        var model = new SignInModel
        {
            T = language,
            Assets = services.Assets,
            FormToken = hasUsers ? ConsoleLogins.FormToken(cookie!) : "",
            HasUsers = hasUsers,
            Problem = problem is null ? null : language[problem],
            Name = name,
            IsLink = isLink,
            Next = NextOf(context),
        };
        return ConsoleHtml.WriteAsync<SignInView>(context, status, new Dictionary<string, object?> { ["Model"] = model });
    }

    private async Task EnterAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var token = context.Request.Query["token"].ToString();

        // Opened again, or its copy in the browser's history: who is in stays in.
        if (services.Logins.Find(context.Request.Cookies[ConsoleLogins.CookieName]) is not null)
        {
            context.Response.Redirect("/");
            return;
        }

        if (token.Length == 0)
        {
            await ShowAsync(context, StatusCodes.Status200OK);
            return;
        }

        var session = services.Logins.Redeem(token, context.Connection.RemoteIpAddress, out var retryAfter);
        if (session is not null)
        {
            Begin(context, session);

            // Not a redirect: a link followed from another site would not send a Strict cookie along with it.
            await ConsoleHtml.WriteAsync<EnteredView>(context, StatusCodes.Status200OK, new Dictionary<string, object?> { ["Model"] = new EnteredModel(Language.Of(context), services.Assets, "/") });
        }
        else if (retryAfter > TimeSpan.Zero)
        {
            Later(context, retryAfter);
            await ShowAsync(context, StatusCodes.Status429TooManyRequests, "Too many links that do not work came from here. Wait a minute, then make a new one.", isLink: true);
        }
        else
        {
            await ShowAsync(context, StatusCodes.Status401Unauthorized, "This link does not work any more. A link is good once, and for 15 minutes.", isLink: true);
        }
    }

    private async Task SignInAsync(HttpContext context)
    {
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin") || !context.Request.HasFormContentType
            || context.Request.Cookies[FormCookie] is not { } cookie
            || !ConsoleLogins.IsFormToken(cookie, (await context.Request.ReadFormAsync(context.RequestAborted))[ConsoleDoor.FormField]))
        {
            await ShowAsync(context, StatusCodes.Status403Forbidden, "This form is not from this session. Open the page again and send it once more.");
            return;
        }

        var form = context.Request.Form;
        var name = form["name"].ToString();
        var tried = await services.Users.SignInAsync(name, form["password"].ToString(), form["code"].ToString(), context.Connection.RemoteIpAddress, context.RequestAborted);
        switch (tried.Outcome)
        {
            case SignInOutcome.Accepted:
                Begin(context, tried.Session!);
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                context.Response.Headers.Location = NextOf(context);
                break;
            case SignInOutcome.CodeNeeded:
                await ShowAsync(context, StatusCodes.Status401Unauthorized, "This account asks for the code of your app too.", name);
                break;
            case SignInOutcome.WrongCode:
                await ShowAsync(context, StatusCodes.Status401Unauthorized, "That code is wrong, or it was used already. Wait for the next one.", name);
                break;
            case SignInOutcome.TooMany:
                Later(context, tried.RetryAfter);
                await ShowAsync(context, StatusCodes.Status429TooManyRequests, "Too many attempts. Wait a minute, then try again.", name);
                break;
            default:
                await ShowAsync(context, StatusCodes.Status401Unauthorized, "Name or password is wrong.", name);
                break;
        }
    }

    private Task LogoutAsync(HttpContext context)
    {
        var cookie = context.Request.Cookies[ConsoleLogins.CookieName];
        return cookie is null ? ShowAsync(context, StatusCodes.Status200OK) : EndAsync(context, cookie);
    }

    private async Task EndAsync(HttpContext context, string cookie)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : null;
        if (!ConsoleLogins.IsFormToken(cookie, form?[ConsoleDoor.FormField]))
        {
            await ShowAsync(context, StatusCodes.Status403Forbidden, "This form is not from this session. Open the page again and send it once more.");
            return;
        }

        services.Logins.End(cookie);
        context.Response.Cookies.Delete(ConsoleLogins.CookieName);
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = "/login";
    }

    private static void Begin(HttpContext context, ConsoleSession session) =>
        context.Response.Cookies.Append(ConsoleLogins.CookieName, session.Secret, ConsoleLogins.CookieOptions(session, context.Request.IsHttps));

    private static void Later(HttpContext context, TimeSpan wait) =>
        context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Where to go after signing in: only to a page of this console.</summary>
    private static string NextOf(HttpContext context)
    {
        var request = context.Request;
        var wanted = request.Method == "POST" && request.HasFormContentType ? request.Form["next"].ToString()
            : request.Path.StartsWithSegments("/login", StringComparison.Ordinal) || request.Method != "GET" ? "/"
            : request.Path + request.QueryString;
        return wanted is ['/', not ('/' or '\\'), ..] ? wanted : "/";
    }
}

using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Strowger.Engine.Journaling;
using Strowger.Features.Access;
using Strowger.Records;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.ConsolePage;

/// <summary>The checks before every page and form: session, role, and that a form came from one of our own pages.</summary>
internal sealed class ConsoleDoor(ConsoleServices services, SignInPage signIn)
{
    public const string FormField = "form_token";

    /// <summary>What a script of ours sends instead of the field.</summary>
    public const string FormHeader = "X-Strowger-Form";

    public void Map(IEndpointRouteBuilder routes, ConsoleRoute route)
    {
        RequestDelegate handler = context => EnterAsync(context, route);
        routes.MapMethods(route.Pattern, [route.Method], handler);
    }

    /// <summary>Null when nobody is signed in.</summary>
    public Visit? Find(HttpContext context) =>
        context.Request.Cookies[ConsoleLogins.CookieName] is { } cookie && services.Logins.Find(cookie) is { } session
            ? new Visit(context, services, session, cookie) : null;

    private async Task EnterAsync(HttpContext context, ConsoleRoute route)
    {
        if (Find(context) is not { } visit)
        {
            await signIn.ShowAsync(context, StatusCodes.Status401Unauthorized);
        }
        else if (route.Method != "GET" && !await IsOurFormAsync(visit, route.MaxBody))
        {
            await RefuseAsync(visit, visit.T["This form is not from this session. Open the page again and send it once more."]);
        }
        else if (!visit.May(route.Needs))
        {
            await RefuseAsync(visit, visit.T["Your role, {0}, does not include this; it needs {1}.", visit.T[visit.Role.ToText()], visit.T[route.Needs.ToText()]]);
        }
        else
        {
            await HandleAsync(visit, route);
        }
    }

    /// <summary>What the machine does not allow now is told on a page; everything else is a bug and told by the guard in front.</summary>
    private async Task HandleAsync(Visit visit, ConsoleRoute route)
    {
        try
        {
            await route.Handler(visit);
        }
        catch (Exception error) when (error is RecordsException or JournalException && !visit.Context.Response.HasStarted)
        {
            HttpLog.Failed(services.Http.Logger ?? NullLogger.Instance, error, visit.Context.Request.Method, visit.Context.Request.Path, visit.Context.TraceIdentifier);
            var why = error is JournalException
                ? visit.T["The disk is full: nothing can be changed until there is room. What was accepted is safe."]
                : visit.T["A database of this server cannot be used now. Try again in a moment; its log says why."];
            await visit.ShowAsync<RefusedView>(new RefusedModel(visit.T["Not now"], why), StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<bool> IsOurFormAsync(Visit visit, long maxBody)
    {
        var request = visit.Context.Request;
        if (request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin"))
        {
            return false;
        }

        if (visit.Context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = maxBody;
        }

        string? given = request.Headers[FormHeader];
        if (string.IsNullOrEmpty(given) && request.HasFormContentType)
        {
            given = (await request.ReadFormAsync(new FormOptions { ValueCountLimit = ConsoleLimits.MaxFormFields, BufferBodyLengthLimit = maxBody, MultipartBodyLengthLimit = maxBody }, visit.Cancel))[FormField];
        }

        return ConsoleLogins.IsFormToken(request.Cookies[ConsoleLogins.CookieName]!, given);
    }

    private static Task RefuseAsync(Visit visit, string why) =>
        visit.ShowAsync<RefusedView>(new RefusedModel(visit.T["Not allowed"], why), StatusCodes.Status403Forbidden);
}

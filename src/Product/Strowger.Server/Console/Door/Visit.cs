using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Strowger.Features.Access;
using Strowger.Records.Settings;

namespace Strowger.Server.ConsolePage;

/// <summary>One request of somebody signed in: who, what they may, their language; and how to answer.</summary>
public sealed class Visit
{
    private readonly string _cookie;

    internal Visit(HttpContext context, ConsoleServices services, SessionRecord session, string cookie)
    {
        Context = context;
        Services = services;
        Session = session;
        Role = Roles.Parse(session.Role);
        T = Language.Of(context);
        _cookie = cookie;
    }

    internal HttpContext Context { get; }

    internal ConsoleServices Services { get; }

    internal SessionRecord Session { get; }

    internal Role Role { get; }

    /// <summary>The texts.</summary>
    internal Language T { get; }

    /// <summary>For the audit.</summary>
    internal string Who => Session.Who;

    /// <summary>To be in every form: <c>FormTokenInput</c>.</summary>
    internal string FormToken => ConsoleLogins.FormToken(_cookie);

    internal Notice? Notice { get; private set; }

    internal CancellationToken Cancel => Context.RequestAborted;

    internal DateTimeOffset Now => Services.Time.GetUtcNow();

    /// <summary>A control that the role forbids is left out; the route refuses besides.</summary>
    internal bool May(Role role) => Role >= role;

    /// <summary>A value of the address, trimmed; null when it is not there or empty.</summary>
    internal string? Query(string name) => Clean(Context.Request.Query[name].ToString());

    /// <summary>A value of the route.</summary>
    internal string Route(string name) => (string?)Context.Request.RouteValues[name] ?? "";

    /// <summary>A field of the form that was sent, trimmed; null when it is not there or empty.</summary>
    internal string? Field(string name) => Clean(Context.Request.Form[name].ToString());

    internal IReadOnlyList<string> Fields(string name) => [.. Context.Request.Form[name].OfType<string>().Where(v => v.Length > 0)];

    /// <summary>Where a file of the console is, with its version.</summary>
    internal string Asset(string name) => Services.Assets.Path(name);

    /// <summary>Answers with a page: a component with the parameters <c>Visit</c> and <c>Model</c>.</summary>
    internal Task ShowAsync<TView>(object model, int status = StatusCodes.Status200OK)
        where TView : IComponent
    {
        Notice = Notice.Take(Context);
        return ConsoleHtml.WriteAsync<TView>(Context, status, new Dictionary<string, object?> { ["Visit"] = this, ["Model"] = model });
    }

    /// <summary>Answers with a part of a page: a component without the frame around it.</summary>
    internal Task ShowPartAsync<TView>(object model)
        where TView : IComponent =>
        ConsoleHtml.WriteAsync<TView>(Context, StatusCodes.Status200OK, new Dictionary<string, object?> { ["Visit"] = this, ["Model"] = model });

    /// <summary>After a form: to a page, with a word on what became of it.</summary>
    internal Task GoAsync(string path, Notice? notice = null)
    {
        notice?.Put(Context);
        Context.Response.StatusCode = StatusCodes.Status303SeeOther;
        Context.Response.Headers.Location = path;
        return Task.CompletedTask;
    }

    internal Task NotFoundAsync(string what) => ShowAsync<RefusedView>(new RefusedModel(T["Not here"], what), StatusCodes.Status404NotFound);

    private static string? Clean(string value) => value.Trim() is { Length: > 0 } text ? text : null;
}

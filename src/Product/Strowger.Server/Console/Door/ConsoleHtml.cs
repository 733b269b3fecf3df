using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Strowger.Server.ConsolePage;

/// <summary>Components to HTML, on the server, once an answer: no circuit, nothing kept between requests.</summary>
internal static class ConsoleHtml
{
    public static async Task WriteAsync<TView>(HttpContext context, int status, IDictionary<string, object?> parameters)
        where TView : IComponent
    {
        var services = context.RequestServices;
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TView>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        ConsoleAssets.AddHeaders(context.Response);
        var octets = System.Text.Encoding.UTF8.GetBytes(html);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = octets.Length;
        await context.Response.Body.WriteAsync(octets, context.RequestAborted);
    }
}

using Microsoft.AspNetCore.HttpOverrides;
using Strowger.Server.Configuration;

namespace Strowger.Server.Composition;

/// <summary>
/// Behind a proxy, such as nginx, the caller's address and scheme are what the proxy says: limits on attempts hold for the caller,
/// not for all who come through it. Said by anybody else, these headers are ignored.
/// </summary>
internal static class Proxies
{
    public static void Use(WebApplication app, HttpConfiguration http)
    {
        // Proxies on this machine are known by default.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
        foreach (var network in http.Proxies)
        {
            options.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(options);
    }
}

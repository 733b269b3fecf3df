using Strowger.Server.Http.Access;

namespace Strowger.Server.Http.Routing;

internal delegate Task ApiHandler(HttpContext context, Caller caller);

/// <summary>One call of the API. The table of them is what is mapped, and what the OpenAPI document is checked against.</summary>
/// <param name="Right">What a key needs; of those that need none see <see cref="OpenRoute"/>.</param>
internal sealed record ApiRoute(string Method, string Pattern, string Right, ApiHandler Handler);

/// <summary>A call that decides itself who may: health, metrics, the API's description.</summary>
internal sealed record OpenRoute(string Method, string Pattern, RequestDelegate Handler);

using Strowger.Features.Access;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Json;
using Strowger.Server.Http.Problems;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Keys;

/// <summary><c>POST /v1/logins</c>: a link into the console that works once. Who follows it may do everything there.</summary>
internal sealed class LoginEndpoints(HttpServices services)
{
    public IEnumerable<ApiRoute> Routes => [new("POST", "/v1/logins", Rights.All, CreateAsync)];

    private async Task CreateAsync(HttpContext context, Caller caller)
    {
        var body = await RequestObject.ReadAsync(context).ConfigureAwait(false);
        if (body.Problem is { } problem)
        {
            await ProblemAnswer.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        var path = "/login?token=" + Uri.EscapeDataString(services.Logins.CreateToken(caller.Name));
        var expires = services.Time.GetUtcNow() + AccessLimits.LoginTokenLifetime;
        var url = (services.PublicUrl() ?? $"{context.Request.Scheme}://{context.Request.Host}").TrimEnd('/') + path;
        await JsonAnswer.WriteAsync(context, StatusCodes.Status201Created, (url, path, expires), static (writer, login) =>
        {
            writer.WriteStartObject();
            writer.WriteString("url"u8, login.url);
            writer.WriteString("path"u8, login.path);
            writer.WriteTime("expires_at"u8, login.expires);
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }
}

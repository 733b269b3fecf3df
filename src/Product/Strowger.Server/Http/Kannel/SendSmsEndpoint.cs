using System.Globalization;
using System.Text;
using Strowger.Features.Messaging.Sending;
using Strowger.Server.Configuration;
using Strowger.Server.Http.Routing;

namespace Strowger.Server.Http.Kannel;

/// <summary><c>/cgi-bin/sendsms</c> as Kannel's smsbox serves it: programs made for it change the address only.</summary>
internal sealed class SendSmsEndpoint(HttpServices services, SendSmsUsers users)
{
    private const string Path = "/cgi-bin/sendsms";
    private const string HeaderPrefix = "X-Kannel-";
    private const string TryAgain = "Temporal failure, try again later.";

    public OpenRoute[] Routes => [new("GET", Path, HandleAsync), new("POST", Path, HandleAsync)];

    private async Task HandleAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var (status, words) = await AnswerAsync(context).ConfigureAwait(false);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        await response.WriteAsync(words, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task<(int Status, string Words)> AnswerAsync(HttpContext context)
    {
        if (Readiness.NotReady(services) is not null)
        {
            return (StatusCodes.Status503ServiceUnavailable, TryAgain);
        }

        var arguments = new CgiArguments();
        if (await ReadAsync(context, arguments).ConfigureAwait(false) is { } refused)
        {
            return refused;
        }

        var entry = users.Enter(
            arguments.Text("username") ?? arguments.Text("user"), arguments.Octets("password") ?? arguments.Octets("pass"),
            context.Connection.RemoteIpAddress, out var user, out var retryAfter);
        if (entry == SendSmsEntry.HeldBack)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return (StatusCodes.Status503ServiceUnavailable, TryAgain);
        }

        return entry == SendSmsEntry.Accepted
            ? await SendAsync(arguments, user).ConfigureAwait(false)
            : (StatusCodes.Status403Forbidden, "Authorization failed for sendsms");
    }

    /// <summary>The arguments from where this kind of request has them; what to answer when it has them nowhere.</summary>
    private static async Task<(int, string)?> ReadAsync(HttpContext context, CgiArguments arguments)
    {
        var request = context.Request;
        arguments.Add(request.QueryString.HasValue ? request.QueryString.Value.AsSpan(1) : default);
        if (HttpMethods.IsGet(request.Method) || request.ContentLength is 0)
        {
            return null;
        }

        var body = await BodyAsync(context).ConfigureAwait(false);
        if (body is null)
        {
            return (StatusCodes.Status413PayloadTooLarge, "Body too large, rejected");
        }

        var type = (request.ContentType ?? string.Empty).Split(';');
        switch (type[0].Trim().ToLowerInvariant())
        {
            case "application/x-www-form-urlencoded":
                arguments.Add(Encoding.UTF8.GetString(body));
                return null;
            case "text/plain":
                Headers(request, arguments, body, "0");
                return null;
            case "application/octet-stream":
                Headers(request, arguments, body, "1");
                return null;
            case "text/xml":
                return (StatusCodes.Status415UnsupportedMediaType, "Unsupported content-type, rejected");
            default:
                return (StatusCodes.Status400BadRequest, "Invalid content-type");
        }
    }

    private static void Headers(HttpRequest request, CgiArguments arguments, byte[] body, string coding)
    {
        foreach (var (name, values) in request.Headers)
        {
            if (name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase) && values.Count > 0)
            {
                arguments.Set(name[HeaderPrefix.Length..].ToLowerInvariant(), Encoding.UTF8.GetBytes(values[0] ?? string.Empty));
            }
        }

        arguments.Set("text", body);
        arguments.Set("coding", Encoding.ASCII.GetBytes(coding));
        foreach (var parameter in (request.ContentType ?? string.Empty).Split(';').Skip(1))
        {
            if (parameter.Trim() is var named && named.StartsWith("charset=", StringComparison.OrdinalIgnoreCase))
            {
                arguments.Set("charset", Encoding.ASCII.GetBytes(named["charset=".Length..].Trim('"')));
            }
        }
    }

    private static async Task<byte[]?> BodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength > HttpLimits.MaxBody)
        {
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[4096];
        while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false) is > 0 and var count)
        {
            if (body.Length + count > HttpLimits.MaxBody)
            {
                return null;
            }

            body.Write(buffer, 0, count);
        }

        return body.ToArray();
    }

    private async Task<(int, string)> SendAsync(CgiArguments arguments, KannelUser user)
    {
        var reader = new SendSmsReader(arguments, user, services.Time);
        if (reader.Read(out var wrong) is not { } messages)
        {
            return (StatusCodes.Status400BadRequest, wrong!);
        }

        // Side by side, so that one group commit takes them all. No cancellation: what is in the journal is accepted.
        var sending = messages.ConvertAll(message => services.Messaging.SendAsync(message.Json, default, dryRun: false, CancellationToken.None, user.Account).AsTask());
        var results = await Task.WhenAll(sending).ConfigureAwait(false);
        if (results.Length == 1)
        {
            return Of(results[0], reader.Denied);
        }

        var failed = messages.Where((_, i) => results[i].Error is not null).Select(message => message.To).ToArray();
        return failed.Length == 0 ? Of(results[0], reader.Denied)
            : failed.Length == results.Length ? Of(results[0], [])
            : (StatusCodes.Status500InternalServerError, $"Sending failed. Failed receivers are: {string.Join(' ', failed)}");
    }

    private (int, string) Of(SendResult result, IReadOnlyList<string> denied)
    {
        if (result.Error is { } error)
        {
            return error.Code is "no_route" or "unknown_channel" or "invalid_channel" ? (StatusCodes.Status403Forbidden, "Not routable. Do not try again.")
                : error.Status is 429 or >= 500 ? (StatusCodes.Status503ServiceUnavailable, TryAgain)
                : (StatusCodes.Status400BadRequest, $"{error.Field ?? "Request"} misformed, rejected: {error.Detail}");
        }

        var words = IsUp(result.Channel) ? "0: Accepted for delivery" : "3: Queued for later delivery";
        return (StatusCodes.Status202Accepted, denied.Count == 0 ? words : $"{words} Denied receivers are: {string.Join(' ', denied)}");
    }

    /// <summary>A channel of no binds, such as one that discards, is always there.</summary>
    private bool IsUp(string channel) =>
        services.Messaging.Channels.Find(channel) is { } found && (found.Binds.Count == 0 || found.State.State is not ("down" or "paused"));
}

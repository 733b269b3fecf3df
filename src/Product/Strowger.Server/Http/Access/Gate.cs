using System.Net;
using Strowger.Features.Access;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Access;

/// <summary>Lets requests in by key or by control socket, and says why not.</summary>
internal sealed class Gate(ApiKeys keys)
{
    private const string Scheme = "Bearer ";

    /// <param name="context">The request.</param>
    /// <param name="right">What it needs, of <see cref="Rights"/>.</param>
    /// <param name="caller">Who it is, when let in.</param>
    /// <returns>Null when let in.</returns>
    public Problem? Enter(HttpContext context, string right, out Caller caller)
    {
        caller = null!;
        var authorization = (string?)context.Request.Headers.Authorization;
        if (string.IsNullOrEmpty(authorization))
        {
            if (!ControlSocket.IsTrusted(context))
            {
                return Problem.Of("missing_key", "Send 'Authorization: Bearer KEY'. 'strowger keys create NAME' makes a key.");
            }

            caller = Caller.Local;
            return null;
        }

        // A scheme other than Bearer is a wrong secret: it takes the same work and counts as an attempt.
        var secret = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization.AsSpan(Scheme.Length).Trim() : default;
        var check = keys.Verify(secret, context.Connection.RemoteIpAddress);
        switch (check.Outcome)
        {
            case KeyOutcome.Accepted:
                caller = new Caller(check.Key!);
                return caller.May(right) ? null : Problem.Of("forbidden", $"The key '{caller.Name}' does not have the right {right}.");
            case KeyOutcome.Unknown:
                return Problem.Of("wrong_key", "This key is not known here. 'strowger keys list' shows those that are.");
            case KeyOutcome.Expired:
                return Problem.Of("expired_key", "This key's time is over. Make a new one with 'strowger keys create NAME'.");
            case KeyOutcome.OverRate:
                return Problem.Of("over_limit", $"The key '{check.Key!.Name}' may send {check.Key.Record.RatePerSecond} requests a second.") with { RetryAfter = check.RetryAfter };
            default:
                return Problem.Of("too_many_failures", "Too many wrong keys came from this address. Wait, then try again with the right one.") with { RetryAfter = check.RetryAfter };
        }
    }

    /// <summary>Whether it comes from this machine itself, not through a proxy on it.</summary>
    public static bool IsFromThisMachine(HttpContext context)
    {
        var headers = context.Request.Headers;
        return context.Connection.RemoteIpAddress is { } remote
            ? IPAddress.IsLoopback(remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote) && !headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("Forwarded")
            : ControlSocket.IsTrusted(context);
    }
}

using Strowger.Features.Messaging.Sending;
using Strowger.Server.Http.Access;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Messages;

/// <summary>The header Idempotency-Key.</summary>
internal static class RequestKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>Marks an answer to a request that had been accepted before.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    public static Problem? Read(HttpContext context, Caller caller, out IdempotencyKey key) => Read(context, caller.Scope, out key);

    /// <param name="context">The request.</param>
    /// <param name="scope">Whose keys they are, and of what.</param>
    /// <param name="key">None without the header.</param>
    public static Problem? Read(HttpContext context, string scope, out IdempotencyKey key)
    {
        key = default;
        if (!context.Request.Headers.TryGetValue(Header, out var values))
        {
            return null;
        }

        var text = values.ToString();
        if (text.Length is 0 or > IdempotencyKey.MaxLength)
        {
            return Problem.Of("invalid_parameter", $"The key has {text.Length} characters; allowed are 1 to {IdempotencyKey.MaxLength}.", Header);
        }

        key = IdempotencyKey.Of(scope, text);
        return null;
    }
}

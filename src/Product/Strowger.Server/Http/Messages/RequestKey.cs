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

    public static Problem? Read(HttpContext context, Caller caller, out IdempotencyKey key)
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

        key = IdempotencyKey.Of(caller.Scope, text);
        return null;
    }
}

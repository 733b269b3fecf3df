using System.Text.Json;
using Strowger.Features.Messaging;

namespace Strowger.Server.Http.Problems;

/// <summary>One occurrence of an error: a problem document of RFC 9457.</summary>
public sealed record Problem(ErrorCode Error, string Detail)
{
    /// <summary>The field or parameter that is wrong.</summary>
    public string? Field { get; init; }

    /// <summary>When to try again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Of a whole that was checked at once: each mistake at its field.</summary>
    public IReadOnlyList<ProblemField> Fields { get; init; } = [];

    /// <summary>Members beside the usual ones.</summary>
    public Action<Utf8JsonWriter>? Extend { get; init; }

    public static Problem Of(string code, string detail, string? field = null) => new(ErrorCatalogue.Of(code), detail) { Field = field };

    /// <summary>A message's error, in its own words.</summary>
    public static Problem Of(RequestError error, TimeSpan? retryAfter = null) =>
        new(ErrorCatalogue.Find(error.Code) ?? new ErrorCode(error.Code, error.Status, "The request is not allowed."), error.Detail)
        {
            Field = error.Field,
            RetryAfter = retryAfter,
        };
}

/// <summary>One of several mistakes.</summary>
/// <param name="Field">As the API names it; within a list with its number, such as <c>limits:0:rate</c>.</param>
/// <param name="Found">What was found; null when something is missing. Never a password.</param>
/// <param name="Allowed">What is allowed, or what to do.</param>
public sealed record ProblemField(string Field, string? Found, string Allowed);

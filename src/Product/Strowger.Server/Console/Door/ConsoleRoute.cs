using Strowger.Features.Access;

namespace Strowger.Server.ConsolePage;

/// <summary>One address of the console. The table of them is what is mapped: none is reached without the door's checks.</summary>
/// <param name="Method"><c>GET</c>, or <c>POST</c> for whatever changes something.</param>
/// <param name="Pattern">As ASP.NET Core routes.</param>
/// <param name="Needs">The least role.</param>
/// <param name="Handler">Runs when the session, the role and, for a POST, the form's token are right.</param>
internal sealed record ConsoleRoute(string Method, string Pattern, Role Needs, Func<Visit, Task> Handler)
{
    /// <summary>Octets of a form; a page with files says more.</summary>
    public long MaxBody { get; init; } = ConsoleLimits.MaxForm;

    public static ConsoleRoute Get(string pattern, Func<Visit, Task> handler) => new("GET", pattern, Role.Support, handler);

    public static ConsoleRoute Get(string pattern, Role needs, Func<Visit, Task> handler) => new("GET", pattern, needs, handler);

    public static ConsoleRoute Post(string pattern, Role needs, Func<Visit, Task> handler) => new("POST", pattern, needs, handler);
}

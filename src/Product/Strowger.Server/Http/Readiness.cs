using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http;

/// <summary>Whether intake is open.</summary>
internal static class Readiness
{
    private static readonly Problem _starting =
        Problem.Of("starting", "The journal is being replayed. Try again in a moment.") with { RetryAfter = TimeSpan.FromSeconds(1) };

    private static readonly Problem _stopping =
        Problem.Of("stopping", "The server is stopping. Send it again in a moment.") with { RetryAfter = TimeSpan.FromSeconds(5) };

    public static Problem? NotReady(HttpServices services) =>
        services.Stopping.IsCancellationRequested ? _stopping : services.IsReady() ? null : _starting;
}

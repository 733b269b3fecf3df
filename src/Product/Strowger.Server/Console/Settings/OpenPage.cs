using Strowger.Features.Access;
using Strowger.Records.Settings;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/settings/open</c>: who is in, and which links show something to others; each can be ended.</summary>
internal sealed class OpenPage(ConsoleServices services)
{
    private const string Path = "/settings/open";

    /// <summary>Links shown; all are counted in their table's own bound.</summary>
    private const int MaxLinks = 500;

    private readonly SettingsStore _settings = services.Http.Settings;

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get(Path, Role.Admin, v => v.ShowAsync<OpenView>(new OpenModel { Sessions = _settings.Logins.ListSessions(AccessLimits.SessionIdle), Links = _settings.Shares.List(MaxLinks) })),
        ConsoleRoute.Post(Path + "/session", Role.Admin, EndSessionAsync),
        ConsoleRoute.Post(Path + "/link", Role.Admin, EndLinkAsync),
    ];

    private Task EndSessionAsync(Visit visit)
    {
        var isDone = Hash(visit) is { } hash && _settings.Logins.RemoveSession(hash);
        if (isDone)
        {
            _settings.Audit.Add(visit.Who, "session.end", visit.Field("who") ?? "");
        }

        return visit.GoAsync(Path, isDone ? Notice.Done(visit.T["That session is over."]) : Notice.Failed(visit.T["It was over already."]));
    }

    private Task EndLinkAsync(Visit visit) => visit.GoAsync(Path, Hash(visit) is { } hash && _settings.Shares.Remove(hash, visit.Who)
        ? Notice.Done(visit.T["That link shows nothing any more."]) : Notice.Failed(visit.T["It was over already."]));

    private static byte[]? Hash(Visit visit)
    {
        var hash = new byte[32];
        return visit.Field("id") is { Length: 64 } text && Convert.FromHexString(text, hash, out _, out _) == System.Buffers.OperationStatus.Done ? hash : null;
    }
}

/// <summary>Open sessions and links.</summary>
public sealed record OpenModel
{
    public required IReadOnlyList<(string Id, SessionRecord Session)> Sessions { get; init; }

    public required IReadOnlyList<(string Id, ShareRecord Share)> Links { get; init; }
}

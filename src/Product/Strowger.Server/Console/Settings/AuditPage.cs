using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Strowger.Features.Access;
using Strowger.Records.Settings;
using Strowger.Server.Http.Channels;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/settings/audit</c>: who changed what; what can be put back simply is.</summary>
internal sealed class AuditPage(ConsoleServices services)
{
    private const string Path = "/settings/audit";

    private readonly ChannelChanges _channels = new(services.Http);

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get(Path, Role.Operator, ShowAsync),
        ConsoleRoute.Post(Path + "/undo", Role.Operator, UndoAsync),
    ];

    /// <summary>Whether an entry can be put back by this person.</summary>
    internal static bool CanUndo(Visit visit, AuditRecord entry) => entry.Action switch
    {
        "channel.change" => AuditWords.Parse(entry.Before) is not null,
        "user.role" or "user.on" or "user.off" => visit.May(Role.Admin) && entry.Subject != visit.Who,
        _ => false,
    };

    private Task ShowAsync(Visit visit)
    {
        var before = long.TryParse(visit.Query("before"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (long?)null;
        var rows = services.Http.Settings.Audit.List(ConsoleLimits.PageRows, before);
        return visit.ShowAsync<AuditView>(new AuditModel { Entries = rows, Next = rows.Count == ConsoleLimits.PageRows && rows[^1].Id > 1 ? rows[^1].Id : null });
    }

    private async Task UndoAsync(Visit visit)
    {
        var entry = long.TryParse(visit.Field("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id is > 0 and < long.MaxValue
            ? services.Http.Settings.Audit.List(1, id + 1).FirstOrDefault(e => e.Id == id) : null;
        if (entry is null || !CanUndo(visit, entry))
        {
            await visit.GoAsync(Path, Notice.Failed(visit.T["This cannot be put back by a button."]));
            return;
        }

        var problem = entry.Action switch
        {
            "channel.change" => await _channels.ChangeAsync(entry.Subject, Back(entry), visit.Who) is { } wrong ? visit.T.Told(wrong.Detail) : null,
            "user.role" => services.Users.SetRole(entry.Subject, Roles.Parse(entry.Before), visit.Who) ? null : visit.T["There is no user {0}.", entry.Subject],
            _ => services.Users.SetOff(entry.Subject, entry.Before == "off", visit.Who) ? null : visit.T["There is no user {0}.", entry.Subject],
        };
        await visit.GoAsync(Path, problem is null ? Notice.Done(visit.T["{0} is as it was before.", entry.Subject]) : Notice.Failed(problem));
    }

    /// <summary>Only what that change changed, and no secret: the audit does not know it.</summary>
    private static byte[] Back(AuditRecord entry)
    {
        var before = AuditWords.Parse(entry.Before)!;
        var after = AuditWords.Parse(entry.After) ?? [];
        var back = new JsonObject();
        foreach (var name in before.Select(m => m.Key).Union(after.Select(m => m.Key)))
        {
            if (before[name]?.ToJsonString() != after[name]?.ToJsonString() && name is not ("Name" or "Kind") && before[name]?.ToString() != "***")
            {
                back[name] = before[name]?.DeepClone();
            }
        }

        return Encoding.UTF8.GetBytes(back.ToJsonString());
    }
}

/// <summary>A page of the audit.</summary>
public sealed record AuditModel
{
    public required IReadOnlyList<AuditRecord> Entries { get; init; }

    public long? Next { get; init; }
}

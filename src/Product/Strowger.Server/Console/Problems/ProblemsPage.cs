using System.Globalization;
using Strowger.Features.Access;
using Strowger.Features.Notifications.Alarms;
using Strowger.Records.Settings;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/problems</c>: what must a human do now, and who has it?</summary>
internal sealed class ProblemsPage(ConsoleServices services)
{
    private const string Path = "/problems";

    /// <summary>Alarms that are over, shown below those that are not.</summary>
    private const int MaxPast = 20;

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get(Path, ShowAsync),
        ConsoleRoute.Post(Path + "/{id}/take", Role.Operator, TakeAsync),
        ConsoleRoute.Post(Path + "/{id}/mute", Role.Operator, MuteAsync),
        ConsoleRoute.Post(Path + "/mutes/{id}/end", Role.Operator, UnmuteAsync),
        ConsoleRoute.Post(Path + "/test", Role.Operator, TestAsync),
    ];

    private AlarmParts? Alarms => services.Http.Alarms;

    private Task ShowAsync(Visit visit)
    {
        var open = Alarms?.Book.Open() ?? [];
        return visit.ShowAsync<ProblemsView>(new ProblemsModel
        {
            Sentence = ProblemSentence.Of(visit.T, open),
            Open = [.. open.OrderBy(a => a.State).ThenBy(a => a.RaisedAt)],
            Past = [.. (Alarms?.Book.List(MaxPast, null, openOnly: false) ?? []).Where(a => a.State == AlarmState.Cleared)],
            Mutes = Alarms?.Settings.Mutes ?? [],
            IsMuted = alarm => Alarms!.Settings.IsMuted(alarm),
        });
    }

    private Task TakeAsync(Visit visit)
    {
        if (Find(visit) is not { } alarm)
        {
            return visit.NotFoundAsync(visit.T["There is no such alarm."]);
        }

        Alarms!.Book.Acknowledge(alarm.Id, visit.Who, visit.Field("note"));
        return visit.GoAsync(Path, Notice.Done(visit.T["You have it: nobody is reminded of {0} any more.", alarm.Subject]));
    }

    private Task MuteAsync(Visit visit)
    {
        if (Find(visit) is not { } alarm)
        {
            return visit.NotFoundAsync(visit.T["There is no such alarm."]);
        }

        var hours = int.TryParse(visit.Field("hours"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given is >= 1 and <= 24 * 31 ? given : 1;
        var mute = Alarms!.Settings.Mute(visit.Now.AddHours(hours), alarm.Rule, alarm.Subject, visit.Field("reason") ?? "", visit.Who);
        return visit.GoAsync(Path, mute is null
            ? Notice.Failed(visit.T["There are too many mutes already; end one first."])
            : Notice.Done(visit.T["Nobody is told of {0} for {1} h. If it is still so then, it is told then.", alarm.Subject, hours]));
    }

    private Task UnmuteAsync(Visit visit)
    {
        Alarms?.Settings.Unmute(visit.Route("id"), visit.Who);
        return visit.GoAsync(Path, Notice.Done(visit.T["The mute has ended."]));
    }

    private Task TestAsync(Visit visit)
    {
        Alarms?.Book.RaiseTest(visit.Who);
        return visit.GoAsync(Path, Notice.Done(visit.T["A test alarm is on its way to everybody who is told of alarms. Take it when it has arrived."]));
    }

    private AlarmRecord? Find(Visit visit) =>
        long.TryParse(visit.Route("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Alarms?.Book.Find(id) : null;
}

/// <summary>What is wrong, and what was.</summary>
public sealed record ProblemsModel
{
    public required Sentence Sentence { get; init; }

    public required IReadOnlyList<AlarmRecord> Open { get; init; }

    public required IReadOnlyList<AlarmRecord> Past { get; init; }

    public required IReadOnlyList<AlarmMute> Mutes { get; init; }

    public required Func<AlarmRecord, bool> IsMuted { get; init; }
}

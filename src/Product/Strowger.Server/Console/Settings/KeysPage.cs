using System.Globalization;
using Strowger.Features.Access;
using Strowger.Records;
using Strowger.Records.Settings;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/settings/keys</c>: the keys of programs, with their rights. A secret is seen once.</summary>
internal sealed class KeysPage(ConsoleServices services)
{
    private const string Path = "/settings/keys";
    private const double MaxRate = 1_000_000;
    private const int MaxDays = 3650;

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get(Path, Role.Admin, ShowAsync),
        ConsoleRoute.Post(Path, Role.Admin, CreateAsync),
        ConsoleRoute.Post(Path + "/remove", Role.Admin, RemoveAsync),
        ConsoleRoute.Post(Path + "/rotate", Role.Admin, RotateAsync),
    ];

    public Task ShowAsync(Visit visit) => ShowAsync(visit, null, null);

    private Task ShowAsync(Visit visit, CreatedKey? created, string? problem, ApiKeyRecord? rotated = null) => visit.ShowAsync<KeysView>(
        new KeysModel { Keys = services.Http.Keys.List(), Created = created, Rotated = rotated, Problem = problem },
        problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private Task CreateAsync(Visit visit)
    {
        var t = visit.T;
        var rights = visit.Fields("right").Where(r => Rights.Known.Contains(r)).Distinct().ToArray();
        double? rate = null;
        DateTimeOffset? expires = null;
        string? problem = null;
        if (visit.Field("name") is not { Length: <= RecordsLimits.MaxNameLength } name)
        {
            return ShowAsync(visit, null, t["A key needs a name of at most 64 characters."]);
        }

        if (rights.Length == 0)
        {
            problem = t["A key without rights is good for nothing: choose at least one."];
        }

        if (visit.Field("rate") is { } text)
        {
            rate = double.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0.001 and <= MaxRate ? value : null;
            problem ??= rate is null ? t["{0} is not a number.", text] : null;
        }

        if (visit.Field("days") is { } daysText)
        {
            expires = int.TryParse(daysText, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= MaxDays ? visit.Now.AddDays(days) : null;
            problem ??= expires is null ? t["{0} is not a number.", daysText] : null;
        }

        var created = problem is null ? services.Http.Keys.Create(name, rights, rate, expires, visit.Who) : null;
        return ShowAsync(visit, created, problem ?? (created is null ? t["There is a key {0} already, or there are too many.", name] : null));
    }

    private Task RotateAsync(Visit visit)
    {
        var name = visit.Field("name") ?? "";
        return services.Http.Keys.RotateSigning(name, visit.Who) is { } rotated
            ? ShowAsync(visit, null, null, rotated)
            : visit.GoAsync(Path, Notice.Failed(visit.T["There is no key {0}.", name]));
    }

    private Task RemoveAsync(Visit visit)
    {
        var name = visit.Field("name") ?? "";
        var isGone = services.Http.Keys.Remove(name, visit.Who);
        return visit.GoAsync(Path, isGone ? Notice.Done(visit.T["{0} was removed: whoever uses it is refused from now on.", name]) : Notice.Failed(visit.T["There is no key {0}.", name]));
    }
}

/// <summary>The keys, and one just made with its secret.</summary>
public sealed record KeysModel
{
    public required IReadOnlyList<ApiKeyRecord> Keys { get; init; }

    public CreatedKey? Created { get; init; }

    /// <summary>One that has just got a new signing secret.</summary>
    public ApiKeyRecord? Rotated { get; init; }

    public string? Problem { get; init; }
}

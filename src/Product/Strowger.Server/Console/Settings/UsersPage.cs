using Strowger.Features.Access;
using Strowger.Records.Settings;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/settings/users</c>: people and their roles.</summary>
internal sealed class UsersPage(ConsoleServices services)
{
    private const string Path = "/settings/users";

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get(Path, Role.Admin, v => ShowAsync(v, null)),
        ConsoleRoute.Post(Path + "/add", Role.Admin, AddAsync),
        ConsoleRoute.Post(Path + "/role", Role.Admin, v => ChangeAsync(v, name => Roles.TryParse(v.Field("role"), out var role) && services.Users.SetRole(name, role, v.Who))),
        ConsoleRoute.Post(Path + "/off", Role.Admin, v => ChangeAsync(v, name => services.Users.SetOff(name, true, v.Who))),
        ConsoleRoute.Post(Path + "/on", Role.Admin, v => ChangeAsync(v, name => services.Users.SetOff(name, false, v.Who))),
        ConsoleRoute.Post(Path + "/codes-off", Role.Admin, v => ChangeAsync(v, name => services.Users.TurnCodesOff(name, v.Who))),
        ConsoleRoute.Post(Path + "/remove", Role.Admin, v => ChangeAsync(v, name => services.Users.Remove(name, v.Who))),
        ConsoleRoute.Post(Path + "/password", Role.Admin, PasswordAsync),
    ];

    private Task ShowAsync(Visit visit, string? problem) => visit.ShowAsync<UsersView>(
        new UsersModel { Users = services.Users.List(), Problem = problem, Name = problem is null ? null : visit.Field("name") },
        problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);

    private async Task AddAsync(Visit visit)
    {
        var name = visit.Field("name") ?? "";
        var password = visit.Context.Request.Form["password"].ToString();
        var problem = Users.NameProblem(name) is { } wrong ? visit.T["The name is not allowed: {0}.", visit.T[wrong]]
            : Users.PasswordProblem(password, name) is { } weak ? visit.T["The password is not allowed: {0}.", visit.T[weak]]
            : null;
        var role = Roles.Parse(visit.Field("role"));
        if (problem is null && !await services.Users.AddAsync(name, role, password, visit.Who, visit.Cancel))
        {
            problem = visit.T["There is a user {0} already, or there are too many.", name];
        }

        await (problem is null ? visit.GoAsync(Path, Notice.Done(visit.T["{0} may sign in now.", name])) : ShowAsync(visit, problem));
    }

    private async Task PasswordAsync(Visit visit)
    {
        var name = visit.Field("name") ?? "";
        var password = visit.Context.Request.Form["password"].ToString();
        if (Users.PasswordProblem(password, name) is { } weak)
        {
            await visit.GoAsync(Path, Notice.Failed(visit.T["The password is not allowed: {0}.", visit.T[weak]]));
            return;
        }

        var isDone = await services.Users.SetPasswordAsync(name, password, visit.Who, visit.Cancel);
        await visit.GoAsync(Path, isDone ? Notice.Done(visit.T["{0} has a new password; open sessions of theirs are over.", name]) : Notice.Failed(visit.T["There is no user {0}.", name]));
    }

    /// <summary>Nobody shuts themselves out by mistake.</summary>
    private static Task ChangeAsync(Visit visit, Func<string, bool> change)
    {
        var name = visit.Field("name") ?? "";
        if (visit.Session.IsUser && name == visit.Who)
        {
            return visit.GoAsync(Path, Notice.Failed(visit.T["That is your own account: ask another admin, or use a login link."]));
        }

        return visit.GoAsync(Path, change(name) ? Notice.Done(visit.T["{0} was changed.", name]) : Notice.Failed(visit.T["There is no user {0}.", name]));
    }
}

/// <summary>The users.</summary>
public sealed record UsersModel
{
    public required IReadOnlyList<UserRecord> Users { get; init; }

    public string? Problem { get; init; }

    public string? Name { get; init; }
}

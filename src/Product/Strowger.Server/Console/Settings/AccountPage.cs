using Strowger.Features.Access;
using Strowger.Records.Settings;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/settings/me</c>: one's own password, codes and sessions.</summary>
internal sealed class AccountPage(ConsoleServices services)
{
    private const string Path = "/settings/me";

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get(Path, ShowAsync),
        ConsoleRoute.Post(Path + "/password", Role.Support, PasswordAsync),
        ConsoleRoute.Post(Path + "/codes", Role.Support, v => ShowAsync(v, Totp.NewSecret())),
        ConsoleRoute.Post(Path + "/codes-on", Role.Support, CodesOnAsync),
        ConsoleRoute.Post(Path + "/codes-off", Role.Support, CodesOffAsync),
        ConsoleRoute.Post(Path + "/leave", Role.Support, LeaveAsync),
    ];

    public Task ShowAsync(Visit visit) => ShowAsync(visit, null);

    private Task ShowAsync(Visit visit, byte[]? secret, string? problem = null)
    {
        var user = visit.Session.IsUser ? services.Users.Find(visit.Who) : null;
        return visit.ShowAsync<AccountView>(
            new AccountModel { User = user, Secret = user is null ? null : secret, Problem = problem },
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    private async Task PasswordAsync(Visit visit)
    {
        var form = visit.Context.Request.Form;
        var wanted = form["new"].ToString();
        if (!visit.Session.IsUser || !await services.Users.IsPasswordAsync(visit.Who, form["password"].ToString(), visit.Context.Connection.RemoteIpAddress, visit.Cancel))
        {
            await ShowAsync(visit, null, visit.T["The present password is wrong."]);
            return;
        }

        if (Users.PasswordProblem(wanted, visit.Who) is { } weak)
        {
            await ShowAsync(visit, null, visit.T["The password is not allowed: {0}.", visit.T[weak]]);
            return;
        }

        await services.Users.SetPasswordAsync(visit.Who, wanted, visit.Who, visit.Cancel);
        await visit.GoAsync("/login", null);
    }

    private Task CodesOnAsync(Visit visit)
    {
        if (!visit.Session.IsUser || Totp.FromBase32(visit.Field("secret") ?? "") is not { Length: Totp.SecretBytes } secret)
        {
            return ShowAsync(visit, null);
        }

        return services.Users.TurnCodesOn(visit.Who, secret, visit.Field("code") ?? "", visit.Who)
            ? visit.GoAsync(Path, Notice.Done(visit.T["From now on signing in asks for a code too."]))
            : ShowAsync(visit, secret, visit.T["That code does not fit. Is the app's clock right?"]);
    }

    private async Task CodesOffAsync(Visit visit)
    {
        var password = visit.Context.Request.Form["password"].ToString();
        if (!visit.Session.IsUser || !await services.Users.IsPasswordAsync(visit.Who, password, visit.Context.Connection.RemoteIpAddress, visit.Cancel))
        {
            await ShowAsync(visit, null, visit.T["The present password is wrong."]);
            return;
        }

        services.Users.TurnCodesOff(visit.Who, visit.Who);
        await visit.GoAsync(Path, Notice.Done(visit.T["Codes are off."]));
    }

    private Task LeaveAsync(Visit visit)
    {
        services.Http.Settings.Logins.RemoveSessionsOf(visit.Who, visit.Session.IsUser);
        return visit.GoAsync("/login");
    }
}

/// <summary>Whose account it is; no user: they came by a link.</summary>
public sealed record AccountModel
{
    public UserRecord? User { get; init; }

    /// <summary>To be put into an app, not asked for yet.</summary>
    public byte[]? Secret { get; init; }

    public string? Problem { get; init; }
}

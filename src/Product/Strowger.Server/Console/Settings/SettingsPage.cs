using Strowger.Features.Access;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/settings</c>: who may do what, and who changed what? Its parts are <see cref="KeysPage"/>, <see cref="UsersPage"/>, <see cref="OpenPage"/>, <see cref="WebhooksPage"/>, <see cref="SmppClientsPage"/>, <see cref="AccountPage"/> and <see cref="AuditPage"/>.</summary>
internal static class SettingsPage
{
    public static IEnumerable<ConsoleRoute> Routes(ConsoleServices services)
    {
        var keys = new KeysPage(services);
        var account = new AccountPage(services);
        return
        [
            ConsoleRoute.Get("/settings", visit => visit.May(Role.Admin) ? keys.ShowAsync(visit) : account.ShowAsync(visit)),
            .. keys.Routes,
            .. new UsersPage(services).Routes,
            .. new OpenPage(services).Routes,
            .. account.Routes,
            .. new WebhooksPage(services).Routes,
            .. new SmppClientsPage(services).Routes,
            .. new AuditPage(services).Routes,
        ];
    }
}

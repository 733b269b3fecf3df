using System.Text;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Records.Settings;
using Strowger.Server.Configuration;

namespace Strowger.Server.Composition;

/// <summary>Who may bind when the server starts: the file seeds; what was changed live wins.</summary>
internal static class SmppDoorStart
{
    /// <returns>SystemIds whose live state was kept although the file says otherwise.</returns>
    public static IReadOnlyList<string> Seed(SettingsStore settings, SmppConfiguration configuration) =>
        settings.SmppClients.Seed([.. configuration.Clients.Select(client => (client.SystemId, SmppClientJson.ToText(client)))]);

    /// <summary>Reads password files and the certificate, which may have gone since the configuration was checked.</summary>
    /// <returns>Null when there is no door.</returns>
    public static SmppDoorParts? Make(MessagingService messaging, SettingsStore settings, ServerConfiguration configuration, ILogger logger) =>
        configuration.Smpp.ToOptions(Clients(settings, configuration.Smpp, logger)) is not { } options ? null : new SmppDoorParts(
            messaging, options, configuration.DataDirectory, (name, error) => ServerLog.ProjectionFailed(logger, name, error), (client, reason) => ServerLog.BindRefused(logger, client, reason));

    private static List<DoorClientSettings> Clients(SettingsStore settings, SmppConfiguration configuration, ILogger logger)
    {
        var clients = new List<DoorClientSettings>();
        foreach (var record in settings.SmppClients.List())
        {
            IReadOnlyList<ConfigurationProblem> problems = [];
            var client = record.Source == SettingSource.File
                ? configuration.Clients.First(c => c.SystemId == record.SystemId)
                : SmppClientJson.Parse(Encoding.UTF8.GetBytes(record.SettingsJson), record.SystemId, isKept: true, out problems);
            if (client is null || problems.Count > 0)
            {
                ServerLog.SmppClientImpossible(logger, record.SystemId, string.Join("; ", problems));
            }
            else if (client.ToSettings() is var wanted && wanted.ProblemBeside(clients) is { } problem)
            {
                // Those of the file and those added live were each right by themselves.
                ServerLog.SmppClientImpossible(logger, record.SystemId, problem.Detail);
            }
            else
            {
                clients.Add(wanted);
            }
        }

        return clients;
    }
}

using Strowger.Engine.Journaling;

namespace Strowger.Server.Composition;

/// <summary>What the server says of itself. No numbers, no texts, no secrets.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Information, "{Live} jobs live, {Unsure} of them in hand when the last run ended; {Replayed} records replayed in {Milliseconds} ms.")]
    public static partial void Recovered(ILogger logger, long live, long unsure, long replayed, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "Journal: {Kind} at {Position}: {Message}")]
    public static partial void Incident(ILogger logger, JournalIncidentKind kind, long position, string message);

    [LoggerMessage(3, LogLevel.Error, "The read model {Name} failed and starts again from its last commit in 5 s.")]
    public static partial void ProjectionFailed(ILogger logger, string name, Exception error);

    [LoggerMessage(4, LogLevel.Error, "The kept settings of channel {Channel} cannot be read; it does not run: {Problems}")]
    public static partial void ChannelUnreadable(ILogger logger, string channel, string problems);

    [LoggerMessage(5, LogLevel.Information, "Stopping: intake is closed, answers on the way are waited for.")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(6, LogLevel.Error, "Housekeeping failed and is tried again in a minute.")]
    public static partial void HousekeepingFailed(ILogger logger, Exception error);

    [LoggerMessage(7, LogLevel.Information, "The configuration file says otherwise of {Channels}, changed live before: the live settings are kept.")]
    public static partial void LiveKept(ILogger logger, string channels);

    [LoggerMessage(8, LogLevel.Error, "Texts without a final receipt could not be looked after and are looked at again in 10 minutes.")]
    public static partial void OverdueFailed(ILogger logger, Exception error);

    [LoggerMessage(9, LogLevel.Error, "Channel {Channel} cannot run beside the others: {Problem} Change it or remove it.")]
    public static partial void ChannelImpossible(ILogger logger, string channel, string problem);

    [LoggerMessage(10, LogLevel.Warning, "The read model {Name} followed another journal, which is gone; it is built again from this one.")]
    public static partial void ReadModelRebuilt(ILogger logger, string name);

    [LoggerMessage(11, LogLevel.Warning, "SMPP: a bind of {Client} was refused: {Reason}.")]
    public static partial void BindRefused(ILogger logger, string client, string reason);

    [LoggerMessage(12, LogLevel.Information, "SMPP: clients bind at {Address}.")]
    public static partial void SmppOpen(ILogger logger, string address);

    [LoggerMessage(13, LogLevel.Error, "SMPP: client {Client} cannot bind: {Problem} Change it or remove it.")]
    public static partial void SmppClientImpossible(ILogger logger, string client, string problem);

    [LoggerMessage(14, LogLevel.Information, "The configuration file says otherwise of the SMPP clients {Clients}, changed live before: the live settings are kept.")]
    public static partial void LiveClientsKept(ILogger logger, string clients);

    [LoggerMessage(20, LogLevel.Warning, "The mail server did not take a mail: {Detail}")]
    public static partial void MailNotTaken(ILogger logger, string detail);

    [LoggerMessage(21, LogLevel.Error, "Alarms: {Part} failed and is tried again.")]
    public static partial void AlarmsFailed(ILogger logger, string part, Exception error);

    [LoggerMessage(22, LogLevel.Error, "A turn of the campaigns failed; nothing is lost and it is tried again.")]
    public static partial void CampaignsFailed(ILogger logger, Exception error);
}

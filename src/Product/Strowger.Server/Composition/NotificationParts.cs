using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Notifications.Alarms;
using Strowger.Features.Notifications.Mail;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Records.Settings;
using Strowger.Server.Configuration;

namespace Strowger.Server.Composition;

/// <summary>Everything that tells the outside what happens: webhooks, mail, alarms. Opened after what carries texts, closed before it.</summary>
internal sealed class NotificationParts : IAsyncDisposable
{
    private readonly MailParts? _mail;

    private NotificationParts(WebhookParts webhooks, MailParts? mail, AlarmParts alarms)
    {
        Webhooks = webhooks;
        _mail = mail;
        Alarms = alarms;
    }

    public WebhookParts Webhooks { get; }

    public AlarmParts Alarms { get; }

    public IReadOnlyList<ProjectionHost> Projections => [.. Webhooks.Projections, .. Alarms.Projections];

    /// <param name="messaging">What carries texts, started.</param>
    /// <param name="settings">Holds webhooks and alarms.</param>
    /// <param name="configuration">Checked.</param>
    /// <param name="url">The server's address, once it is known.</param>
    /// <param name="keys">Their secrets sign for callbacks.</param>
    /// <param name="logger">Told of what does not work.</param>
    public static NotificationParts Start(MessagingParts messaging, SettingsStore settings, ServerConfiguration configuration, Func<string?> url, ApiKeys keys, ILogger logger)
    {
        var webhooks = WebhookParts.Open(messaging.Engine, settings, configuration.DataDirectory, configuration.Webhooks);
        Func<string, string?> inboundUrl = channel => messaging.Channels.Find(channel)?.Settings.InboundUrl;
        webhooks.Start(inboundUrl, (name, error) => ServerLog.ProjectionFailed(logger, name, error), keys.SigningOf);
        messaging.Inbound.Start(messaging.Engine, webhooks.InboundOutlet(inboundUrl), (name, error) => ServerLog.ProjectionFailed(logger, name, error));
        var mail = configuration.Mail is null ? null : new MailParts(messaging.Engine, configuration.Mail, detail => ServerLog.MailNotTaken(logger, detail));
        NotificationParts? parts = null;
        var reader = new AlarmReader(
            messaging, () => [.. messaging.Projections, .. parts!.Projections], () => mail is null ? [webhooks.Stage!] : [webhooks.Stage!, mail.Stage], configuration.DataDirectory);
        var options = configuration.Alarms;
        var ways = new AlarmWays
        {
            Text = (avoid, to, text, key) => reader.SendTextAsync(options, avoid, to, text, key),
            Mail = mail,
            Webhooks = webhooks,
            Url = url,
        };
        var alarms = new AlarmParts(
            messaging.Engine, settings, configuration.DataDirectory, options, ways, reader.Read, (name, error) => ServerLog.AlarmsFailed(logger, name, error));
        parts = new NotificationParts(webhooks, mail, alarms);
        return parts;
    }

    /// <summary>Deletes what is past its retention.</summary>
    public void KeepHouse() => Webhooks.KeepHouse();

    public async ValueTask DisposeAsync()
    {
        // Alarms first: they queue mails and posts.
        await Alarms.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(Webhooks.DisposeAsync().AsTask(), _mail?.DisposeAsync().AsTask() ?? Task.CompletedTask).ConfigureAwait(false);
    }
}

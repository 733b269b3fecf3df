using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Strowger.Engine;
using Strowger.Engine.Journaling;
using Strowger.Features.Access;
using Strowger.Features.Campaigns;
using Strowger.Features.Jobs;
using Strowger.Records.Jobs;
using Strowger.Records.Settings;
using Strowger.Server.Backup;
using Strowger.Server.Cli;
using Strowger.Server.Composition.Systemd;
using Strowger.Server.Configuration;
using Strowger.Server.ConsolePage;
using Strowger.Server.Demo;
using Strowger.Server.Erasure;
using Strowger.Server.Export;
using Strowger.Server.Http;
using Strowger.Server.Http.Inbound;
using Strowger.Server.Http.Kannel;
using Strowger.Server.Http.Queues;
using Strowger.Server.Telemetry;

namespace Strowger.Server.Composition;

/// <summary>The server: opens the parts in the order in which texts flow, opens the doors last, and closes them first.</summary>
internal static class ServerHost
{
    private static readonly TimeSpan _shutdown = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan _housekeeping = TimeSpan.FromMinutes(1);

    /// <param name="context">Where the ready line goes.</param>
    /// <param name="configuration">Checked.</param>
    /// <param name="hasConsole">Whether there are pages for people.</param>
    /// <param name="demo">The demo's buttons, when it is one.</param>
    /// <param name="cancel">Ends the server as SIGTERM does.</param>
    public static async Task<int> RunAsync(CliContext context, ServerConfiguration configuration, bool hasConsole, DemoLink? demo, CancellationToken cancel)
    {
        try
        {
            return await ServeAsync(context, configuration, hasConsole, demo, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is JournalException or IOException or UnauthorizedAccessException)
        {
            await context.Error.WriteLineAsync(error.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static async Task<int> ServeAsync(CliContext context, ServerConfiguration configuration, bool hasConsole, DemoLink? demo, CancellationToken cancel)
    {
        Directory.CreateDirectory(configuration.DataDirectory);
        if (Directory.Exists(Path.Combine(configuration.DataDirectory, DataFiles.Restoring)))
        {
            throw new IOException($"{configuration.DataDirectory} was not restored to the end. Remove it and run 'strowger restore' again.");
        }

        await using var app = Build(configuration);
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Strowger");
        var time = context.Time;
        using var settings = SettingsStore.Open(configuration.DataDirectory, time);
        await using var parts = MessagingParts.Open(configuration, time, logger);

        // Not before the journal's lock is ours: another server may run on these settings.
        Seed(settings, configuration, logger);
        var recovery = parts.Engine.Recovery;
        ServerLog.Recovered(logger, recovery.Live, recovery.Unsure, recovery.Replayed, recovery.Took.TotalMilliseconds);
        new LiveQueues(settings).Restore(parts.Engine);

        // Before orphans are adopted: leases of jobs outside go on.
        using var queues = new WorkQueues(parts.Engine, settings);
        using var deadJobs = DeadJobStore.Open(configuration.DataDirectory, parts.Engine.Journal.End);
        await using var deadJobsHost = new ProjectionHost(
            parts.Engine, new DeadJobsProjection(parts.Engine, deadJobs), error => ServerLog.ProjectionFailed(logger, "dead-jobs", error));

        // Before the channels: what an owner holds must not leave.
        await using var campaigns = await CampaignService.OpenAsync(
            parts.Engine, configuration.DataDirectory, () => new MessagingDoor(parts.Service), time, error => ServerLog.CampaignsFailed(logger, error)).ConfigureAwait(false);
        await parts.StartAsync(settings, configuration, logger).ConfigureAwait(false);
        campaigns.Start();
        string? address = null;
        var failures = new FailedAttempts(time);
        var keys = new ApiKeys(settings, time, failures, configuration.AdminKey);
        await using var notifications = NotificationParts.Start(parts, settings, configuration, () => address, keys, logger);

        await using var door = SmppDoorStart.Make(parts.Service, settings, configuration, logger);
        IReadOnlyList<ProjectionHost> followers = [.. notifications.Projections, .. door?.Projections ?? []];

        var logins = new ConsoleLogins(settings, time, failures);
        using var erasure = new NumberErasure(configuration.DataDirectory, parts.Engine, parts.Lists, parts.Inbound.Store, parts.Receipts, deadJobs, campaigns, settings, [.. parts.Projections, deadJobsHost, .. followers], time);
        var lifetime = app.Lifetime;
        var services = new HttpServices
        {
            Messaging = parts.Service,
            Jobs = new JobsService(parts.Engine, queues),
            DeadJobs = deadJobs,
            Lists = parts.Lists,
            Campaigns = campaigns,
            Settings = settings,
            Keys = keys,
            Logins = logins,
            Time = time,
            Projections = [.. parts.Projections, deadJobsHost, .. followers],
            Webhooks = notifications.Webhooks,
            Alarms = notifications.Alarms,
            Inbound = filter => InboundPages.List(parts.Inbound.Store, filter),
            PublicUrl = () => address,
            Erasure = erasure,
            NumberRecords = new NumberRecords(configuration.DataDirectory, parts.Engine, time),
            SmppDoor = door,
            SendSms = configuration.Kannel.Users.Count == 0 ? null : new SendSmsUsers(configuration.Kannel.Users, failures),
            Currency = configuration.Currency,
            Logger = logger,
            Stopping = lifetime.ApplicationStopping,
        };
        Proxies.Use(app, configuration.Http);
        var api = new HttpApi(services);
        using var telemetry = OtlpExport.Start(configuration.Otlp, api, app, time);
        api.Map(app);
        using var users = new Users(settings, logins, time, failures);
        var console = new ConsoleServices { Http = services, Users = users, Version = ProductVersion.Text, Demo = demo?.ControlsFor(parts.Service) };
        await using var feed = hasConsole ? ConsoleEndpoints.Map(app, console) : null;

        // Left behind by a kill. The journal's lock says that no other server runs on this directory.
        File.Delete(SocketOf(configuration));
        await app.StartAsync(cancel).ConfigureAwait(false);
        address = AddressOf(app);
        notifications.Alarms.Start();
        if (door is not null)
        {
            door.Open();
            ServerLog.SmppOpen(logger, door.EndPoint!.ToString());
        }

        await context.Error.WriteLineAsync("ready " + address).ConfigureAwait(false);
        using var manager = ServiceManager.FromEnvironment(name => context.Environment.GetValueOrDefault(name), Environment.ProcessId);
        manager.Ready();
        var watched = ProgressWatch.RunAsync(parts.Engine, manager, time, lifetime.ApplicationStopping);
        await using var registration = cancel.Register(lifetime.StopApplication);
        await KeepHouseAsync(parts, notifications, followers, campaigns, configuration, keys, logger, time, lifetime.ApplicationStopping).ConfigureAwait(false);
        ServerLog.Stopping(logger);
        manager.Stopping();
        await watched.ConfigureAwait(false);
        await app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static WebApplication Build(ServerConfiguration configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        ServerLogging.Configure(builder.Logging, configuration.Log);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = _shutdown);
        builder.WebHost.UseSetting(WebHostDefaults.SuppressStatusMessagesKey, "true");
        var socket = SocketOf(configuration);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            HttpApi.Configure(kestrel);
            kestrel.Listen(configuration.Http.Listen, listen =>
            {
                if (configuration.Http.Certificate is { } certificate)
                {
                    listen.UseHttps(Certificates.Load(certificate, configuration.Http.CertificateKey));
                }
            });
            kestrel.ListenUnixSocket(socket);
        });
        return builder.Build();
    }

    private static string SocketOf(ServerConfiguration configuration) => Path.Combine(configuration.DataDirectory, "control.sock");

    /// <summary>The file seeds; what was changed live wins.</summary>
    private static void Seed(SettingsStore settings, ServerConfiguration configuration, ILogger logger)
    {
        var kept = settings.Channels.Seed(
            [.. configuration.Channels.Select((c, i) => new ChannelRecord(c.Name, c.Kind.ToString().ToLowerInvariant(), ChannelJson.ToText(c), SettingSource.File, i))]);
        if (kept.Count > 0)
        {
            ServerLog.LiveKept(logger, string.Join(", ", kept));
        }

        if (SmppDoorStart.Seed(settings, configuration.Smpp) is { Count: > 0 } clients)
        {
            ServerLog.LiveClientsKept(logger, string.Join(", ", clients));
        }
    }

    private static string AddressOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .First(a => !a.Contains("unix:", StringComparison.Ordinal));

    private static async Task KeepHouseAsync(MessagingParts parts, NotificationParts notifications, IReadOnlyList<ProjectionHost> followers, CampaignService campaigns, ServerConfiguration configuration, ApiKeys keys, ILogger logger, TimeProvider time, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_housekeeping, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                try
                {
                    parts.KeepHouse(followers, campaigns.Position);
                    notifications.KeepHouse();
                    campaigns.DropFiles(time.GetUtcNow().AddDays(-configuration.Retention.ListDays));
                    keys.SaveLastUses();
                }
                catch (Exception error) when (error is IOException or Strowger.Records.RecordsException or JournalException)
                {
                    ServerLog.HousekeepingFailed(logger, error);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}

using System.Net;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Messaging.Projections;
using Strowger.Features.Messaging.Receipts;
using Strowger.Records.Messages;
using Strowger.Records.Receipts;
using Strowger.Records.Settings;
using Strowger.Server.Configuration;
using Strowger.Server.Erasure;

namespace Strowger.Server.Composition;

/// <summary>Everything that carries texts, opened in the order in which they flow and closed in the other.</summary>
internal sealed class MessagingParts : IAsyncDisposable
{
    /// <summary>Answers on the way are waited for this long at a stop; the whole stop is to take under 10 s.</summary>
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(5);

    private readonly ReceiptIndexStore _receipts;
    private readonly List<ProjectionHost> _projections = [];
    private OverdueReceipts? _overdue;
    private TextRetention? _texts;

    private MessagingParts(JobEngine engine, ReceiptIndexStore receipts, MessageStore lists, ChannelSet channels, InboundParts inbound, TimeProvider time)
    {
        Inbound = inbound;
        Engine = engine;
        _receipts = receipts;
        Lists = lists;
        Channels = channels;
        Service = new MessagingService(engine, channels, time);
    }

    public JobEngine Engine { get; }

    public MessageStore Lists { get; }

    public ChannelSet Channels { get; }

    public MessagingService Service { get; }

    public InboundParts Inbound { get; }

    public ReceiptIndexStore Receipts => _receipts;

    public IReadOnlyList<ProjectionHost> Projections => [.. _projections, .. Inbound.Projections];

    public static MessagingParts Open(ServerConfiguration configuration, TimeProvider time, ILogger logger)
    {
        var random = new Random();
        var engine = JobEngine.Open(
            new EngineOptions
            {
                Directory = configuration.DataDirectory,
                HistoryAge = configuration.Retention.History,
                HistoryBytes = configuration.Retention.HistoryBytes,
                QueueBound = configuration.Queues.Bound,
                OnIncident = incident => ServerLog.Incident(logger, incident.Kind, incident.Position, incident.Message),
            },
            time,
            random);
        var end = engine.Journal.End;
        var receipts = ReceiptIndexStore.Open(configuration.DataDirectory, configuration.Retention.ReceiptDays, time, end);
        var lists = MessageStore.Open(
            new MessageStoreOptions { DataDirectory = configuration.DataDirectory, KeepDays = configuration.Retention.ListDays, JournalEnd = end }, time);
        var channels = new ChannelSet(engine, receipts, time, random);
        var inbound = InboundParts.Open(configuration.DataDirectory, configuration.Retention.ListDays, time, end);
        foreach (var (name, isBegunAnew) in (ReadOnlySpan<(string, bool)>)[("receipts", receipts.IsBegunAnew), ("messages", lists.IsBegunAnew), ("inbound", inbound.Store.IsBegunAnew)])
        {
            if (isBegunAnew)
            {
                ServerLog.ReadModelRebuilt(logger, name);
            }
        }

        return new MessagingParts(engine, receipts, lists, channels, inbound, time);
    }

    /// <summary>Starts read models and channels: from here on texts go out.</summary>
    public async Task StartAsync(SettingsStore settings, ServerConfiguration configuration, ILogger logger)
    {
        Follow(new MessageProjection(Engine, Lists), logger);
        Follow(new ReceiptProjection(Engine, _receipts), logger);
        foreach (var record in settings.Channels.List())
        {
            if (ChannelJson.Parse(System.Text.Encoding.UTF8.GetBytes(record.SettingsJson), record.Name, out var problems) is not { } channel || problems.Count > 0)
            {
                ServerLog.ChannelUnreadable(logger, record.Name, string.Join("; ", problems));
            }
            else if (ToSettings(channel) is var wanted && Channels.Check(wanted) is { } problem)
            {
                // Those of the file and those added live were each right by themselves.
                ServerLog.ChannelImpossible(logger, record.Name, problem.Detail);
            }
            else
            {
                await Channels.AddAsync(wanted).ConfigureAwait(false);
            }
        }

        Engine.AdoptOrphans();
        _texts = configuration.Retention.Texts is { } keep ? new TextRetention(Engine, Inbound.Store, configuration.DataDirectory, keep, Engine.Time) : null;
        _overdue = new OverdueReceipts(
            Engine,
            Channels,
            Lists,
            new OverdueOptions { QueryAfter = configuration.Receipts.QueryAfter, UnknownAfter = configuration.Receipts.UnknownAfter },
            error => ServerLog.OverdueFailed(logger, error));
        _overdue.Start();
    }

    /// <summary>Deletes what is past its retention.</summary>
    /// <param name="others">Who else reads the log: it is kept as far back as they are.</param>
    /// <param name="neededFrom">Position from which campaigns still read it.</param>
    public void KeepHouse(IReadOnlyList<ProjectionHost> others, long neededFrom)
    {
        Lists.DropOldDays();
        _receipts.DropOldDays();
        Inbound.KeepHouse();
        Engine.Trim(Math.Min(neededFrom, Projections.Concat(others).Min(p => p.Cursor)));
        _texts?.Run();
    }

    public async ValueTask DisposeAsync()
    {
        if (_overdue is not null)
        {
            await _overdue.DisposeAsync().ConfigureAwait(false);
        }

        // Side by side: the whole stop is to take under 10 s.
        await Task.WhenAll(Channels.StopAsync(_drain), Inbound.DisposeAsync().AsTask()).ConfigureAwait(false);
        foreach (var projection in _projections)
        {
            await projection.DisposeAsync().ConfigureAwait(false);
        }

        await Engine.DisposeAsync().ConfigureAwait(false);
        Channels.Dispose();
        _receipts.Dispose();
        Lists.Dispose();
    }

    public static ChannelSettings ToSettings(ChannelConfiguration channel) => new()
    {
        Name = channel.Name,
        Kind = channel.Kind == ChannelKind.Smpp ? "smpp" : "discard",
        Host = channel.Host,
        Port = channel.Port,
        SystemId = channel.SystemId,
        Password = channel.ReadPassword(),
        PasswordFile = channel.PasswordFile,
        SystemType = channel.SystemType,
        Tls = channel.Tls,
        TlsServerName = channel.TlsServerName,
        TlsTrustedCertificate = channel.TlsTrustedCertificate,
        Mode = (SmppMode)channel.Mode,
        Binds = channel.Binds,
        Window = channel.Window,
        Rate = channel.Rate,
        Price = channel.Price,
        Bucket = channel.Bucket,
        Prefixes = channel.Prefixes,
        Limits = channel.Limits,
        WhenUnsure = channel.WhenUnsure,
        Paused = channel.Paused,
        InboundUrl = channel.InboundUrl,
        Latin1 = channel.Latin1,
        MaxParts = channel.MaxParts,
        NationalLanguages = channel.NationalLanguages,
        LongMessages = (LongMessages)channel.LongMessages,
        ResponseTimeout = channel.ResponseTimeout,
        EnquireLinkInterval = channel.EnquireLink,
    };

    private void Follow(Projection projection, ILogger logger) =>
        _projections.Add(new ProjectionHost(Engine, projection, error => ServerLog.ProjectionFailed(logger, projection.Name, error)));
}

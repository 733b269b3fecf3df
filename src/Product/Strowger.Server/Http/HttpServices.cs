using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Campaigns;
using Strowger.Features.Jobs;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Features.Notifications.Alarms;
using Strowger.Features.Notifications.Webhooks;
using Strowger.Records.Inbound;
using Strowger.Records.Jobs;
using Strowger.Records.Messages;
using Strowger.Records.Settings;
using Strowger.Server.Http.Channels;
using Strowger.Server.Erasure;
using Strowger.Server.Export;
using Strowger.Server.Http.Inbound;
using Strowger.Server.Http.Kannel;
using Strowger.Server.Http.Planning;

namespace Strowger.Server.Http;

/// <summary>What the HTTP door stands on.</summary>
public sealed record HttpServices
{
    public required MessagingService Messaging { get; init; }

    public required JobsService Jobs { get; init; }

    /// <summary>The read model behind lists of jobs given up.</summary>
    public required DeadJobStore DeadJobs { get; init; }

    /// <summary>The read model behind lists.</summary>
    public required MessageStore Lists { get; init; }

    public required CampaignService Campaigns { get; init; }

    public required SettingsStore Settings { get; init; }

    public required ApiKeys Keys { get; init; }

    public required ConsoleLogins Logins { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Read models that follow the log; the one behind lists is named <c>messages</c>.</summary>
    public IReadOnlyList<ProjectionHost> Projections { get; init; } = [];

    /// <summary>True while intake is open.</summary>
    public Func<bool> IsReady { get; init; } = static () => true;

    /// <summary>Texts received, newest first.</summary>
    public Func<InboundFilter, InboundPage> Inbound { get; init; } = static _ => new InboundPage([], null);

    /// <summary>Where people reach the console, such as <c>http://127.0.0.1:8080</c>, once it is known.</summary>
    public Func<string?> PublicUrl { get; init; } = static () => null;

    /// <summary>Events posted; without it <c>/v1/webhooks</c> is not there.</summary>
    public WebhookParts? Webhooks { get; init; }

    /// <summary>Alarms; without them <c>/v1/alarms</c> is not there.</summary>
    public AlarmParts? Alarms { get; init; }

    /// <summary>Where programs bind; null without <c>Smpp:Listen</c>.</summary>
    public SmppDoorParts? SmppDoor { get; init; }

    /// <summary>Takes a number out of all that is kept.</summary>
    internal NumberErasure? Erasure { get; init; }

    /// <summary>What is kept about one number.</summary>
    internal NumberRecords? NumberRecords { get; init; }

    /// <summary>Who may use Kannel's sendsms; without it <c>/cgi-bin/sendsms</c> is not there.</summary>
    public SendSmsUsers? SendSms { get; init; }

    /// <summary>Said beside prices; empty: nothing.</summary>
    public string Currency { get; init; } = "";

    public ILogger? Logger { get; init; }

    /// <summary>Fires when the server stops: streams and batches end.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>Shared by all who change channels.</summary>
    internal Turns ChannelTurns { get; } = new();

    /// <summary>Shared by all who change clients of the SMPP door.</summary>
    internal Turns SmppClientTurns { get; } = new();

    /// <summary>Shared by all who plan.</summary>
    internal PlanDesk Plans { get; } = new();

    public JobEngine Engine => Messaging.Engine;
}

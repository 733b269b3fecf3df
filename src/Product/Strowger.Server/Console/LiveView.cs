using System.Text.Json.Serialization;

namespace Strowger.Server.ConsolePage;

/// <summary>What the page shows at one moment. Times in Unix milliseconds, rates in parts a second, null = not known or no limit.</summary>
internal sealed record LiveView(
    long TimeMs,
    string Version,
    long StartedMs,
    Sentence Sentence,
    DoorView Door,
    IReadOnlyList<LaneView> Lanes,
    IReadOnlyList<ChannelView> Channels,
    int ChannelsNotShown,
    long PeakWaiting,
    CodeView? Code,
    LivePoint Point,
    IReadOnlyList<LineView> Happened,
    DemoView? Demo);

/// <summary>Something that happened.</summary>
internal sealed record LineView(long TimeMs, Tone Tone, string Text);

/// <summary>Where texts come in.</summary>
internal sealed record DoorView(bool IsOpen, double Rate, long AcceptedTotal, long SentTotal, long Scheduled, long Unsure);

/// <summary>A lane: what waits, what came in in the last second and what went out, as a mean of 2 s.</summary>
internal sealed record LaneView(string Name, long Waiting, double InRate, double OutRate);

/// <summary>
/// A channel as a pipe; <see cref="Used"/> and, by lane (urgent, normal, bulk), <see cref="LaneRates"/> are a mean of the last
/// 2 s, or of 5 s where a second holds too few.
/// </summary>
internal sealed record ChannelView(
    string Name,
    string Kind,
    string State,
    string? Reason,
    long Waiting,
    double? Rate,
    double? RateNow,
    double Used,
    IReadOnlyList<double> LaneRates,
    bool IsThrottled,
    bool IsStuck,
    long Refused,
    int InFlight,
    int Width,
    double? RoundTripMs,
    IReadOnlyList<BindFlow> Binds,
    int BindsNotShown);

/// <summary>The life of the newest one-time code. Steps: accepted, sending, sent, delivered (or how it ended), in milliseconds after acceptance.</summary>
internal sealed record CodeView(
    string Id,
    string To,
    long AcceptedMs,
    string Status,
    IReadOnlyList<CodeStep> Steps,
    string? Trouble,
    double? PlainQueueMs,
    long Behind,
    double? AtRate);

internal sealed record CodeStep(string Name, double? AfterMs);

/// <summary>A second of the past.</summary>
internal sealed record LivePoint(long TimeMs, double In, double Out, double? Contract, long Waiting);

/// <summary>The demo's buttons: what they do, in words.</summary>
internal sealed record DemoView(long MoreTexts, double OutageSeconds);

/// <summary>The seconds before the page was opened, oldest first.</summary>
internal sealed record LivePast(IReadOnlyList<LivePoint> Points);

/// <summary>What became of a button.</summary>
internal sealed record DemoAnswer(string Said);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(LiveView))]
[JsonSerializable(typeof(LivePast))]
[JsonSerializable(typeof(LiveValues))]
[JsonSerializable(typeof(DemoAnswer))]
internal sealed partial class LiveJson : JsonSerializerContext;

namespace Strowger.Features.Notifications.Alarms;

/// <summary>When something is an alarm.</summary>
/// <param name="Name">Such as <c>bind_down</c>.</param>
/// <param name="Enabled">Off: never.</param>
/// <param name="After">How long it has to be so. 0 to 24 h.</param>
/// <param name="Limit">In <see cref="RuleInfo.Unit"/>; 0 where there is none.</param>
public sealed record AlarmRule(string Name, bool Enabled, TimeSpan After, double Limit);

/// <summary>What a rule looks at, and what its limit may be.</summary>
public sealed record RuleInfo(string Name, string Words, string? Unit, double From, double To, AlarmRule Usual);

/// <summary>The rules there are.</summary>
public static class AlarmRules
{
    public const string BindDown = "bind_down";
    public const string Eta = "eta";
    public const string ReceiptsStopped = "receipts_stopped";
    public const string DeliveryFallen = "delivery_fallen";
    public const string Disk = "disk";
    public const string StageStalled = "stage_stalled";
    public const string ProjectionLag = "projection_lag";
    public const string Test = "test";

    public static readonly TimeSpan MaxAfter = TimeSpan.FromHours(24);

    public static IReadOnlyList<RuleInfo> All { get; } =
    [
        Of(BindDown, "a channel has a bind that is not bound", 60, null, 0, 0, 0),
        Of(Eta, "the last text of a queue would leave later than the limit", 60, "seconds", 1, 604_800, 900),
        Of(ReceiptsStopped, "a channel hands over more texts than the limit and gets no receipt for any", 900, "texts", 1, 1_000_000, 20),
        Of(DeliveryFallen, "the share of texts delivered is lower by more than the limit than it was over the day before", 900, "percentage points", 1, 100, 20),
        Of(Disk, "less of the data directory's disk is free than the limit", 30, "percent", 0.1, 90, 10),
        Of(StageStalled, "texts wait for a channel, a post or a mail that could go and none goes", 120, null, 0, 0, 0),
        Of(ProjectionLag, "a list or a policy is further behind the log than the limit", 60, "seconds", 1, 86_400, 60),
    ];

    public static RuleInfo? Find(string name) => All.FirstOrDefault(rule => rule.Name == name);

    private static RuleInfo Of(string name, string words, int afterSeconds, string? unit, double from, double to, double limit) =>
        new(name, words, unit, from, to, new AlarmRule(name, true, TimeSpan.FromSeconds(afterSeconds), limit));
}

using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Strowger.Records.Settings;

namespace Strowger.Server.ConsolePage;

/// <summary>An entry of the audit in words: what changed, from what to what.</summary>
internal static class AuditWords
{
    private const int MaxValue = 160;

    private static readonly FrozenDictionary<string, string> _actions = new Dictionary<string, string>
    {
        ["channel.add"] = "channel added",
        ["channel.create"] = "channel added",
        ["channel.change"] = "channel changed",
        ["channel.remove"] = "channel removed",
        ["smpp_client.add"] = "SMPP client added",
        ["smpp_client.change"] = "SMPP client changed",
        ["smpp_client.remove"] = "SMPP client removed",
        ["key.create"] = "key made",
        ["key.remove"] = "key removed",
        ["key.rotate-secret"] = "new signing secret",
        ["setting.change"] = "setting changed",
        ["user.create"] = "person added",
        ["user.role"] = "role changed",
        ["user.on"] = "may sign in",
        ["user.off"] = "may not sign in",
        ["user.password"] = "new password",
        ["user.codes"] = "codes",
        ["user.remove"] = "person removed",
        ["login"] = "signed in",
        ["login.link"] = "login link made",
        ["message.unshare"] = "link to a message ended",
        ["session.end"] = "session ended",
        ["message.share"] = "message shared",
        ["message.resend"] = "message sent again",
        ["job.cancel"] = "job cancelled",
        ["job.requeue"] = "job put back",
        ["queue.requeue"] = "jobs put back",
        ["alarm.raise"] = "alarm raised",
        ["alarm.acknowledge"] = "alarm taken",
        ["alarm.clear"] = "alarm over",
        ["webhook.add"] = "webhook added",
        ["webhook.change"] = "webhook changed",
        ["webhook.rotate"] = "webhook's new secret",
        ["webhook.remove"] = "webhook removed",
        ["webhook.replay"] = "posted again",
        ["number.erase"] = "erasing a number begun",
        ["number.erased"] = "number erased",
        ["campaign.create"] = "campaign begun",
        ["campaign.pause"] = "campaign held",
        ["campaign.resume"] = "campaign let go",
        ["campaign.cancel"] = "campaign ended",
        ["campaign.rate"] = "campaign's rate",
        ["message.cancel"] = "message cancelled",
    }.ToFrozenDictionary();

    /// <summary>What was done; an action of a part of the product that is not listed here shows its own name.</summary>
    internal static IEnumerable<string> Known => _actions.Values;

    public static string Of(Language t, AuditRecord entry)
    {
        var action = t[_actions.GetValueOrDefault(entry.Action, entry.Action)];
        if (Parse(entry.Before) is { } before && Parse(entry.After) is { } after)
        {
            var changes = before.Select(m => m.Key).Union(after.Select(m => m.Key))
                .Where(key => before[key]?.ToJsonString() != after[key]?.ToJsonString())
                .Select(key => $"{key} {Value(before[key])} → {Value(after[key])}");
            return Cut($"{action}: {string.Join(", ", changes)}");
        }

        return Cut((entry.Before, entry.After) switch
        {
            (null, null) => action,
            (null, { } value) => Parse(value) is null ? $"{action}: {value}" : action,
            ({ } value, null) => Parse(value) is null ? $"{action}: {value}" : action,
            var (from, to) => $"{action}: {from} → {to}",
        });
    }

    /// <summary>The page of what was changed; null when it has none of its own.</summary>
    public static string? PageOf(AuditRecord entry) =>
        entry.Subject.StartsWith("msg_", StringComparison.Ordinal) ? "/messages/" + entry.Subject
        : entry.Subject.StartsWith("cmp_", StringComparison.Ordinal) ? "/campaigns/" + entry.Subject
        : entry.Subject.StartsWith("job_", StringComparison.Ordinal) ? "/work/jobs/" + entry.Subject
        : entry.Action == "queue.requeue" ? $"/work/{Uri.EscapeDataString(entry.Subject)}/dead"
        : entry.Action is "channel.add" or "channel.create" or "channel.change" ? "/channels/" + Uri.EscapeDataString(entry.Subject)
        : entry.Action is "smpp_client.add" or "smpp_client.change" ? "/settings/smpp/" + Uri.EscapeDataString(entry.Subject)
        : null;

    /// <summary>The JSON object it is; null when it is none.</summary>
    public static JsonObject? Parse(string? text)
    {
        try
        {
            return text is ['{', ..] ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static string Value(JsonNode? node) => node?.ToString() is { Length: > 0 } text ? text : "–";

    private static string Cut(string text) => text.Length <= MaxValue ? text : text[..(MaxValue - 1)] + "…";
}

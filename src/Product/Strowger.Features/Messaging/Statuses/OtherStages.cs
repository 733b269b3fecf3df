using Strowger.Features.Messaging.Inbound;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>Stages that are no channels: their jobs are posts and mails, not messages. Their names have a colon, which no channel's may have.</summary>
public static class OtherStages
{
    public static bool IsChannel(string stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage != InboundParts.StageName && !stage.Contains(':', StringComparison.Ordinal);
    }

    /// <summary>First word of the types of events about such a stage's jobs: <c>post:webhooks</c> has <c>webhook.posted</c>.</summary>
    public static string NounOf(string stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.StartsWith("post:", StringComparison.Ordinal) ? "webhook"
            : stage.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? stage[..at]
            : "inbound";
    }
}

namespace Strowger.Features.Messaging.Statuses;

/// <summary>Stages that are no channels: their jobs are posts and mails, not messages. Their names have a colon, which no channel's may have.</summary>
public static class OtherStages
{
    public static bool IsChannel(string stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return !stage.Contains(':', StringComparison.Ordinal);
    }

    /// <summary>First word of the types of events about the jobs of a stage that is no channel: <c>post:webhooks</c> has <c>webhook.posted</c>.</summary>
    public static string NounOf(string stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return stage.StartsWith("post:", StringComparison.Ordinal) ? "webhook" : stage[..stage.IndexOf(':', StringComparison.Ordinal)];
    }
}

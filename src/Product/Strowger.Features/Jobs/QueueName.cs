namespace Strowger.Features.Jobs;

/// <summary>Names of queues that anybody may make, and those that others keep.</summary>
public static class QueueName
{
    /// <summary>Begins the name of each of our stages. No channel's name has a colon.</summary>
    public const string StagePrefix = "jobs:";

    private const string Messaging = "sms";

    /// <summary>Queues of this program itself, beside messaging's.</summary>
    private static readonly string[] _kept = ["webhooks", "mail", "recovered"];

    /// <summary>Null when jobs from outside may go there.</summary>
    public static JobProblem? Check(string name)
    {
        if (IsReserved(name))
        {
            return new JobProblem("reserved_queue", null, "This queue belongs to the server: texts enter by /v1/messages, webhooks and mail are queued by it alone. Queues of your own have other names, which do not begin with 'sms'.");
        }

        return IsOurs(name) ? null : JobProblem.Of("name", "invalid_value", $"name: a queue's name is 1 to {JobLimits.MaxQueueName} letters (a to z, A to Z), digits, '.', '_' and '-', the first a letter or digit.");
    }

    /// <summary>Whether a queue is one of those that anybody may make.</summary>
    public static bool IsOurs(string name) => !IsReserved(name) && name.Length is > 0 and <= JobLimits.MaxQueueName
        && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    public static string StageOf(string queue) => StagePrefix + queue;

    /// <summary>The queue of one of our stages; null of others.</summary>
    public static string? OfStage(string stage) => stage.StartsWith(StagePrefix, StringComparison.Ordinal) ? stage[StagePrefix.Length..] : null;

    private static bool IsReserved(string name) =>
        name.StartsWith(Messaging, StringComparison.OrdinalIgnoreCase) || _kept.Contains(name, StringComparer.OrdinalIgnoreCase);
}

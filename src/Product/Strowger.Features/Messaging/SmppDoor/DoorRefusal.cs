using Strowger.Smpp;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>What a client was refused last.</summary>
/// <param name="At">When.</param>
/// <param name="Status">The command_status it heard.</param>
/// <param name="Reason">In words, one of <see cref="Reasons"/>.</param>
/// <param name="Address">Where a refused bind came from; null when it was a request of a bind.</param>
public sealed record DoorRefusal(DateTimeOffset At, uint Status, string Reason, string? Address)
{
    internal const string WrongPassword = "wrong password";
    internal const string WrongAddress = "the address is not among those in Allow";
    internal const string TooManyBinds = "it has as many binds as it may";
    internal const string TooManyChecks = "too many passwords wait to be checked";

    private const string Other = "a field of the request is not allowed";

    private static readonly Dictionary<uint, string> _words = new()
    {
        [CommandStatus.Throttled] = "more at once than its rate or its window allows",
        [CommandStatus.InvalidDestinationAddress] = "not a number, or no channel serves it",
        [CommandStatus.InvalidSourceAddress] = "the sender is not allowed",
        [CommandStatus.InvalidMessageLength] = "the text is too long",
        [CommandStatus.InvalidScheduledTime] = "the time to send it is none, or too far ahead",
        [CommandStatus.InvalidExpiryTime] = "it expires before it could leave",
        [CommandStatus.MessageQueueFull] = "the queue is full, or the text would leave after it expires",
        [CommandStatus.SystemError] = "the disk is full, the server stops, or the client's channel is not there",
    };

    /// <summary>All there are.</summary>
    public static IReadOnlyList<string> Reasons { get; } = [WrongPassword, WrongAddress, TooManyBinds, TooManyChecks, Other, .. _words.Values];

    internal static string WordsOf(uint status) => _words.GetValueOrDefault(status, Other);
}

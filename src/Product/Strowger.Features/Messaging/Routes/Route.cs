using Strowger.Features.Messaging.Channels;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging.Routes;

/// <summary>Where texts to some numbers go: a queue, and the channels that pull from it, in the order they were configured.</summary>
/// <param name="Prefix">Leading digits; empty = the default route.</param>
/// <param name="Queue">Where its texts wait.</param>
/// <param name="Channels">By name.</param>
/// <param name="Expected">The first of them as it was set when this route was made: a text accepted while it goes still has its settings.</param>
public sealed record Route(string Prefix, string Queue, IReadOnlyList<string> Channels, ChannelSettings Expected)
{
    /// <summary>Every channel of it takes a long text in one piece, so that a text accepted now is one job and no parts.</summary>
    public bool TakesPayload { get; init; }

    /// <summary>How its texts are encoded: as the expected channel is set. Not in national tables where a carrier divides them, for it would have to name the tables in each part.</summary>
    public EncodeOptions Encoding => field ??= new EncodeOptions
    {
        Alphabets = Expected.Latin1 ? Alphabets.Gsm7 | Alphabets.Latin1 | Alphabets.Ucs2 : Alphabets.Gsm7 | Alphabets.Ucs2,
        MaxParts = Expected.MaxParts,
        NationalLanguages = TakesPayload ? [] : Expected.NationalLanguages,
    };

    /// <summary>Whether some channel of it has limits by sender: then its texts wait in a flow for each sender.</summary>
    public bool HasLimits { get; init; }

    /// <summary>Channels of one route: so many stages may drain a queue of the engine.</summary>
    public const int MaxChannels = 32;

    public const string QueuePrefix = "sms:";
    private const string PinnedPrefix = "sms@";
    private const string DefaultName = "default";

    /// <summary>The queue of a prefix; empty = of the default route.</summary>
    public static string QueueOf(string prefix) => QueuePrefix + (prefix.Length == 0 ? DefaultName : prefix);

    /// <summary>The queue of texts for which a channel was asked by name.</summary>
    public static string PinnedQueueOf(string channel) => PinnedPrefix + channel;

    /// <summary>The prefix whose queue this is; null when it is another kind of queue.</summary>
    public static string? PrefixOf(string queue) =>
        !queue.StartsWith(QueuePrefix, StringComparison.Ordinal) ? null
        : queue[QueuePrefix.Length..] is var rest && rest == DefaultName ? string.Empty : rest;
}

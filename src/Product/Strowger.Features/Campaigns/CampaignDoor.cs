using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Smpp.Text;

namespace Strowger.Features.Campaigns;

/// <summary>
/// The intake as campaigns see it, given at composition: the same checks, queues and bodies as those of the other doors. One for each
/// caller at a time.
/// </summary>
public abstract class CampaignDoor
{
    /// <summary>Number prefixes of the routes there are, without the default one.</summary>
    public abstract IReadOnlyList<string> Prefixes { get; }

    /// <summary>Checks a text; null when it can be sent, by <see cref="Add"/> for example.</summary>
    public abstract RequestError? Check(in TextFields fields, out CheckedText text);

    /// <summary>Puts the text checked last into a batch.</summary>
    /// <param name="batch">To be enqueued.</param>
    /// <param name="flow">Its flow.</param>
    /// <param name="mark">Kept beside the text's body.</param>
    public abstract void Add(JobBatch batch, string flow, ReadOnlySpan<byte> mark);

    /// <summary>Parts a second that the channels behind a queue take together.</summary>
    public abstract double RateOf(string queue);

    /// <summary>Until so many parts more of a sender would have left by the limits of its channels alone; zero = they have none.</summary>
    public virtual TimeSpan LimitWait(string queue, string from, long parts) => TimeSpan.Zero;

    /// <summary>Null when there is such a channel.</summary>
    public abstract RequestError? CheckChannel(string name);
}

/// <summary>What the intake makes of a text.</summary>
public readonly record struct CheckedText(int Parts, TextEncoding Encoding, string Queue, string Channel);

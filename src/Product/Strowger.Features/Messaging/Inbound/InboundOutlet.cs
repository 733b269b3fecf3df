using Strowger.Engine;

namespace Strowger.Features.Messaging.Inbound;

/// <summary>Where texts received are told of: who tells is not this feature's business.</summary>
/// <param name="Wants">Whether anybody wants to be told of texts on a channel.</param>
/// <param name="Add">Adds the jobs that tell of a text, at most as many as there are webhooks and one; queued a second time they are not done again.</param>
public sealed record InboundOutlet(Func<string, bool> Wants, Action<JobBatch, InboundPost, EventPosition> Add);

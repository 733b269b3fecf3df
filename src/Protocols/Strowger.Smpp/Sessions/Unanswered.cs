namespace Strowger.Smpp;

/// <summary>A request taken out of the window without its answer.</summary>
/// <param name="Waiter">Whoever awaits it, for requests with a task; null for those with a tag.</param>
/// <param name="EndsAt">Stream position behind its last octet.</param>
internal readonly record struct Unanswered(long Tag, object? Waiter, long EndsAt);

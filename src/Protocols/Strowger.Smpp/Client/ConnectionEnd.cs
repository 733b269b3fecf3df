namespace Strowger.Smpp;

/// <summary>How one connection ended.</summary>
/// <param name="Status">command_status of a refused bind, else 0.</param>
/// <param name="WasUseful">It carried an answer or a delivery, so the next attempt starts with the shortest wait.</param>
internal readonly record struct ConnectionEnd(string Reason, uint Status, bool WasUseful);

using System.Globalization;
using Strowger.Engine;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.Http.Events;

/// <summary>A client's position in the log.</summary>
internal static class EventCursor
{
    /// <param name="engine">Whose log.</param>
    /// <param name="text">As it came; null is none.</param>
    /// <param name="field">Where it came from.</param>
    /// <param name="position">0 is everything still there.</param>
    public static Problem? Read(JobEngine engine, string? text, string field, out EventPosition? position)
    {
        position = null;
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return Problem.Of("invalid_cursor", $"{field}: a position is a whole number, as events have it.", field);
        }

        position = new EventPosition(value);
        return value == 0 ? null : EventReader.StateOf(engine, position.Value) switch
        {
            EventPositionState.Known => null,
            EventPositionState.Gone => Problem.Of("events_gone", $"{field}: events after this position are past their retention. Start from 0, which is the oldest kept.", field),
            _ => Problem.Of("invalid_cursor", $"{field}: no event of this server has this position. Was its data directory replaced? Start from 0.", field),
        };
    }

    /// <summary>Reads on after a position that was found good.</summary>
    public static EventReader Open(JobEngine engine, EventPosition? position, EventHandling handle) =>
        position is { Value: > 0 } known ? EventReader.After(engine, known, handle) : EventReader.From(engine, 0);
}

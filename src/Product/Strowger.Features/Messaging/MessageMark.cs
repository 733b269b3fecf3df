namespace Strowger.Features.Messaging;

/// <summary>What may stand beside a message's body in its record: nothing, or the mark of the door it came through. Jobs of other kinds have headers that begin otherwise.</summary>
public static class MessageMark
{
    /// <summary>A door's mark begins with it: no JSON does, and no version of another feature's headers.</summary>
    public const byte First = 0xC1;

    public static bool IsOfMessage(ReadOnlySpan<byte> headers) => headers is [] or [First, ..];
}

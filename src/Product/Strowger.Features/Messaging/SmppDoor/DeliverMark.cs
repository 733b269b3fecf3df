using System.Buffers.Binary;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>
/// Marks a job whose body is a deliver_sm for a client.
/// <code>"DS" u8 version   u8 0   i64 position of the event it tells of</code>
/// </summary>
public static class DeliverMark
{
    public const int Length = 12;

    /// <summary>Begins the types of events about such jobs and the names of the stages that deliver: <c>deliver:SYSTEM_ID</c>.</summary>
    public const string Noun = "deliver";

    private const byte Version = 1;
    private const int SourceAt = 4;

    public static bool IsOne(ReadOnlySpan<byte> headers) => headers is [(byte)'D', (byte)'S', Version, ..] && headers.Length == Length;

    public static long SourceOf(ReadOnlySpan<byte> headers) => BinaryPrimitives.ReadInt64LittleEndian(headers[SourceAt..]);

    public static void Write(long source, Span<byte> to)
    {
        "DS"u8.CopyTo(to);
        to[2] = Version;
        to[3] = 0;
        BinaryPrimitives.WriteInt64LittleEndian(to[SourceAt..], source);
    }
}

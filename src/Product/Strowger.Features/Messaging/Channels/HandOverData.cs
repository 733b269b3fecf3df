namespace Strowger.Features.Messaging.Channels;

/// <summary>What the log keeps with a hand-over: <code>u8 version, u8 bind (0 = late answer), u64 destination, the carrier's id</code></summary>
internal readonly ref struct HandOverData
{
    public const int MaxBytes = 10 + 255;
    private const byte Version = 1;

    public byte Bind { get; init; }
    public ulong Destination { get; init; }
    public ReadOnlySpan<byte> Id { get; init; }

    public int Write(Span<byte> to)
    {
        to[0] = Version;
        to[1] = Bind;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(to[2..], Destination);
        var id = Id[..Math.Min(Id.Length, 255)];
        id.CopyTo(to[10..]);
        return 10 + id.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> from, out HandOverData data)
    {
        data = default;
        if (from.Length < 10 || from[0] != Version)
        {
            return false;
        }

        data = new HandOverData
        {
            Bind = from[1],
            Destination = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(from[2..]),
            Id = from[10..],
        };
        return true;
    }
}

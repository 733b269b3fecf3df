using Strowger.Smpp.Receipts;

namespace Strowger.Features.Messaging.Receipts;

/// <summary>
/// A receipt as the event log keeps it:
/// <code>u8 version   u8 state   u8 id length, id   u8 error length, error   u8 channel length, channel   u64 destination (0 unknown)   the carrier's own TLVs as on the wire, to the end</code>
/// </summary>
internal readonly ref struct ReceiptData
{
    private const byte Version = 1;
    public const int MaxBytes = 3 + 255 + 255 + 255 + 8 + 2 + KeptTlvs.MaxOctets;

    public ReceiptState State { get; init; }
    public ReadOnlySpan<byte> Id { get; init; }
    public ReadOnlySpan<byte> Error { get; init; }
    public ReadOnlySpan<byte> Channel { get; init; }
    public ulong Destination { get; init; }

    /// <summary>At most <see cref="KeptTlvs.MaxOctets"/>.</summary>
    public ReadOnlySpan<byte> Tlvs { get; init; }

    public int Write(Span<byte> to)
    {
        to[0] = Version;
        to[1] = (byte)State;
        var at = 2;
        Put(Id, to, ref at);
        Put(Error, to, ref at);
        Put(Channel, to, ref at);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(to[at..], Destination);
        at += 8;
        Tlvs.CopyTo(to[at..]);
        return at + Tlvs.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> from, out ReceiptData data)
    {
        data = default;
        if (from.Length < 2 || from[0] != Version)
        {
            return false;
        }

        var state = (ReceiptState)from[1];
        from = from[2..];
        if (!Take(ref from, out var id) || !Take(ref from, out var error) || !Take(ref from, out var channel) || from.Length < 8)
        {
            return false;
        }

        data = new ReceiptData
        {
            State = state,
            Id = id,
            Error = error,
            Channel = channel,
            Destination = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(from),
            Tlvs = from[8..],
        };
        return true;
    }

    private static void Put(scoped ReadOnlySpan<byte> value, Span<byte> to, ref int at)
    {
        value = value[..Math.Min(value.Length, 255)];
        to[at++] = (byte)value.Length;
        value.CopyTo(to[at..]);
        at += value.Length;
    }

    private static bool Take(scoped ref ReadOnlySpan<byte> from, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (from.IsEmpty || from.Length < 1 + from[0])
        {
            return false;
        }

        value = from.Slice(1, from[0]);
        from = from[(1 + from[0])..];
        return true;
    }
}

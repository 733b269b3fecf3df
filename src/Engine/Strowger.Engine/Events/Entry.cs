using System.Buffers.Binary;

namespace Strowger.Engine.Events;

/// <summary>
/// One entry of an entries record:
/// <code>
/// 0  u16 length of the whole entry   2 u8 kind   3 u8 attempt
/// 4  i32 code (the feature's reason) 8 u16 stage 10 u8 part 11 u8 parts of its parent (0 not known)
/// 12 i64 job (0 none)                20 i64 position of the record before about this job (0 none)
/// 28 data, opaque
/// </code>
/// </summary>
internal readonly ref struct Entry
{
    public const int FixedBytes = 28;

    public EntryKind Kind { get; init; }
    public byte Attempt { get; init; }
    public int Code { get; init; }
    public ushort Stage { get; init; }
    public byte Part { get; init; }
    public byte Parts { get; init; }
    public long Job { get; init; }
    public long Previous { get; init; }
    public ReadOnlySpan<byte> Data { get; init; }

    public int Write(Span<byte> to)
    {
        var length = FixedBytes + Data.Length;
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)length);
        to[2] = (byte)Kind;
        to[3] = Attempt;
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], Code);
        BinaryPrimitives.WriteUInt16LittleEndian(to[8..], Stage);
        to[10] = Part;
        to[11] = Parts;
        BinaryPrimitives.WriteInt64LittleEndian(to[12..], Job);
        BinaryPrimitives.WriteInt64LittleEndian(to[20..], Previous);
        Data.CopyTo(to[FixedBytes..]);
        return length;
    }

    /// <summary>Names another record before, in an entry that was written already.</summary>
    public static void SetPrevious(Span<byte> entry, long position) => BinaryPrimitives.WriteInt64LittleEndian(entry[20..], position);

    public static bool TryRead(ref ReadOnlySpan<byte> from, out Entry entry)
    {
        entry = default;
        if (from.Length < FixedBytes)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(from);
        if (length < FixedBytes || length > from.Length)
        {
            return false;
        }

        entry = new Entry
        {
            Kind = (EntryKind)from[2],
            Attempt = from[3],
            Code = BinaryPrimitives.ReadInt32LittleEndian(from[4..]),
            Stage = BinaryPrimitives.ReadUInt16LittleEndian(from[8..]),
            Part = from[10],
            Parts = from[11],
            Job = BinaryPrimitives.ReadInt64LittleEndian(from[12..]),
            Previous = BinaryPrimitives.ReadInt64LittleEndian(from[20..]),
            Data = from[FixedBytes..length],
        };
        from = from[length..];
        return true;
    }
}

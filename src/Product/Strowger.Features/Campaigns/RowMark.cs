using Strowger.Features.Messaging;

namespace Strowger.Features.Campaigns;

/// <summary>
/// Which row a text comes from, in the header of its job: after a kill the journal says up to which row texts were made, so that none is
/// made twice and none is left out. <code>u8 0xC1, u8 version 1, varint campaign, varint pass, varint row</code>
/// </summary>
internal readonly record struct RowMark(long Campaign, int Pass, long Row)
{
    /// <summary>Two octets and three numbers of at most 10.</summary>
    public const int MaxLength = 32;

    private const byte Version = 1;

    public int Write(Span<byte> to)
    {
        to[0] = MessageMark.First;
        to[1] = Version;
        var n = 2;
        Put(to, ref n, (ulong)Campaign);
        Put(to, ref n, (ulong)Pass);
        Put(to, ref n, (ulong)Row);
        return n;
    }

    public static bool TryRead(ReadOnlySpan<byte> from, out RowMark mark)
    {
        mark = default;
        if (from is not [MessageMark.First, Version, ..])
        {
            return false;
        }

        from = from[2..];
        if (!Take(ref from, out var campaign) || !Take(ref from, out var pass) || !Take(ref from, out var row) || !from.IsEmpty || pass > int.MaxValue)
        {
            return false;
        }

        mark = new RowMark((long)campaign, (int)pass, (long)row);
        return true;
    }

    private static void Put(Span<byte> to, ref int n, ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            to[n++] = (byte)(value | 0x80);
        }

        to[n++] = (byte)value;
    }

    private static bool Take(ref ReadOnlySpan<byte> from, out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 63 && !from.IsEmpty; shift += 7)
        {
            var b = from[0];
            from = from[1..];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}

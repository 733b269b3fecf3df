using System.Buffers.Binary;

namespace Strowger.Smpp.Receipts;

/// <summary>
/// A 64-bit hash that is the same in every process: keys computed by it are written to disk. Eight octets a step, folded by a 128-bit product as in wyhash. Not against an adversary: a carrier that
/// sends colliding ids only makes its own receipts slower to find.
/// </summary>
internal static class StableHash
{
    private const ulong K0 = 0xA0761D6478BD642F;
    private const ulong K1 = 0xE7037ED1A0B428DB;

    public static ulong Compute(ReadOnlySpan<byte> data)
    {
        var h = K0 ^ ((ulong)data.Length * K1);
        while (data.Length >= 8)
        {
            h = Fold(h ^ BinaryPrimitives.ReadUInt64LittleEndian(data), K1);
            data = data[8..];
        }

        if (!data.IsEmpty)
        {
            ulong tail = 0;
            for (var i = 0; i < data.Length; i++)
            {
                tail |= (ulong)data[i] << (8 * i);
            }

            h = Fold(h ^ tail, K1);
        }

        return Fold(h, K0);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}

using System.Buffers.Binary;
using System.Numerics;
using Strowger.Smpp;

namespace Strowger.Simulators;

/// <summary>What makes two submits the same part: sender, destination and user data (header included), hashed to 128 bits.</summary>
internal static class MessageKey
{
    private const ulong Seed1 = 0x9E3779B97F4A7C15;
    private const ulong Seed2 = 0xC2B2AE3D27D4EB4F;
    private const byte Ucs2 = 8;

    public static UInt128 Of(in SubmitSm pdu, bool byToken)
    {
        var data = pdu.UserData;
        if (byToken && TryReadToken(data, pdu.DataCoding == Ucs2 ? 2 : 1, out ulong token))
        {
            return new UInt128(1, token);
        }

        return new UInt128(Hash(pdu, data, Seed1), Hash(pdu, data, Seed2));
    }

    /// <summary>#digits at the very end, in single octets or in UCS-2.</summary>
    internal static bool TryReadToken(ReadOnlySpan<byte> data, int octetsPerDigit, out ulong token)
    {
        token = 0;
        ulong unit = 1;
        for (int at = data.Length - 1, digits = 0; at >= 0 && digits <= 18; at -= octetsPerDigit, digits++)
        {
            byte c = data[at];
            if (c == (byte)'#')
            {
                return digits > 0;
            }

            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            token += (ulong)(c - '0') * unit;
            unit *= 10;
        }

        return false;
    }

    private static ulong Hash(in SubmitSm pdu, ReadOnlySpan<byte> data, ulong seed) =>
        Mix(Mix(Mix(seed, pdu.Source), pdu.Destination), data);

    private static ulong Mix(ulong state, ReadOnlySpan<byte> octets)
    {
        state ^= (ulong)octets.Length * Seed2;
        while (octets.Length >= 8)
        {
            state = Fold(state ^ BinaryPrimitives.ReadUInt64LittleEndian(octets));
            octets = octets[8..];
        }

        ulong rest = 0;
        for (int i = 0; i < octets.Length; i++)
        {
            rest |= (ulong)octets[i] << (8 * i);
        }

        return Fold(state ^ rest ^ Seed1);
    }

    private static ulong Fold(ulong value)
    {
        ulong high = Math.BigMul(value, 0xD6E8FEB86659FD93, out ulong low);
        return BitOperations.RotateLeft(high ^ low, 29) + 0x2545F4914F6CDD1D;
    }
}

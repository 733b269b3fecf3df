using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Strowger.Smpp.Receipts;

/// <summary>
/// Rewrites carriers' message ids and hashes them. Store one key a message, <see cref="Key"/> of the id in submit_sm_resp; look a receipt up by the keys of <see cref="IdFormLearner.Keys"/>;
/// settle candidates with <see cref="Relate"/> and the destination, since a short hex id may be another's decimal one.
/// </summary>
public static class MessageIdForms
{
    /// <summary>Octets of the longest id: 64 and a NUL in SMPP 3.4.</summary>
    public const int MaxLength = 64;

    /// <summary>How many forms there are.</summary>
    public const int Count = 5;

    /// <summary>Hex digits that are converted: 64 bits. Longer ids (UUIDs) have no other base.</summary>
    private const int MaxHexDigits = 16;
    private const int MaxDecimalDigits = 20;

    /// <summary>Writes the id in a form. False when it has none (too long, not digits of the base), or the destination, 64 octets, is too small.</summary>
    public static bool TryWrite(IdForm form, ReadOnlySpan<byte> id, Span<byte> destination, out int written)
    {
        written = 0;
        if (id.IsEmpty || id.Length > MaxLength || destination.Length < MaxLength)
        {
            return false;
        }

        switch (form)
        {
            case IdForm.AsIs:
                id.CopyTo(destination);
                written = id.Length;
                return true;
            case IdForm.UpperCase:
                return Upper(id, destination, out written);
            case IdForm.NoLeadingZeros:
                return Upper(WithoutZeros(id), destination, out written);
            case IdForm.HexToDecimal:
                var hex = WithoutZeros(id);
                return hex.Length <= MaxHexDigits
                    && Utf8Parser.TryParse(hex, out ulong fromHex, out var hexUsed, 'X') && hexUsed == hex.Length
                    && Utf8Formatter.TryFormat(fromHex, destination, out written);
            case IdForm.DecimalToHex:
                var digits = WithoutZeros(id);
                return digits.Length <= MaxDecimalDigits
                    && Utf8Parser.TryParse(digits, out ulong fromDecimal, out var used) && used == digits.Length
                    && fromDecimal.TryFormat(destination, out written, "X", CultureInfo.InvariantCulture);
            default:
                return false;
        }
    }

    /// <summary>The key to store a sent message under: its id in upper case without leading zeros. The same at every start and on every machine.</summary>
    public static ulong Key(ReadOnlySpan<byte> storedId)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        return TryWrite(IdForm.NoLeadingZeros, storedId, buffer, out var length) ? StableHash.Compute(buffer[..length]) : StableHash.Compute(storedId);
    }

    /// <summary>The key that finds the message if the carrier did this to its id. The first three forms share one key. False when the id has no such form.</summary>
    public static bool TryKey(IdForm form, ReadOnlySpan<byte> receiptId, out ulong key)
    {
        key = 0;
        if (form <= IdForm.NoLeadingZeros)
        {
            key = Key(receiptId);
            return !receiptId.IsEmpty;
        }

        Span<byte> buffer = stackalloc byte[MaxLength];
        if (!TryWrite(form, receiptId, buffer, out var length))
        {
            return false;
        }

        key = StableHash.Compute(buffer[..length]);
        return true;
    }

    /// <summary>The least rewriting that makes the receipt's id the stored one; null when none does.</summary>
    public static IdForm? Relate(ReadOnlySpan<byte> storedId, ReadOnlySpan<byte> receiptId)
    {
        if (storedId.SequenceEqual(receiptId))
        {
            return IdForm.AsIs;
        }

        if (Ascii.EqualsIgnoreCase(storedId, receiptId))
        {
            return IdForm.UpperCase;
        }

        var stored = WithoutZeros(storedId);
        if (Ascii.EqualsIgnoreCase(stored, WithoutZeros(receiptId)))
        {
            return IdForm.NoLeadingZeros;
        }

        Span<byte> buffer = stackalloc byte[MaxLength];
        for (var form = IdForm.HexToDecimal; form <= IdForm.DecimalToHex; form++)
        {
            if (TryWrite(form, receiptId, buffer, out var length) && Ascii.EqualsIgnoreCase(stored, buffer[..length]))
            {
                return form;
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> WithoutZeros(ReadOnlySpan<byte> id)
    {
        var first = id.IndexOfAnyExcept((byte)'0');
        return first < 0 ? id[Math.Max(0, id.Length - 1)..] : id[first..];
    }

    private static bool Upper(ReadOnlySpan<byte> id, Span<byte> destination, out int written)
    {
        written = id.Length;
        for (var i = 0; i < id.Length; i++)
        {
            var b = id[i];
            destination[i] = b is >= (byte)'a' and <= (byte)'z' ? (byte)(b - 32) : b;
        }

        return true;
    }
}

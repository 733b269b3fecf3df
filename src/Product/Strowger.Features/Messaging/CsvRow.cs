using System.Text;
using System.Text.Unicode;

namespace Strowger.Features.Messaging;

/// <summary>The fields of one row, unquoted and in UTF-8.</summary>
internal sealed class CsvRow
{
    // What Windows-1252 has at 0x80 to 0x9F (the five free places as in ISO-8859-1).
    private const string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    private readonly int[] _ends = new int[MessageLimits.MaxCsvColumns];

    // The worst case, an octet of Windows-1252 that takes three in UTF-8.
    private byte[] _octets = new byte[4096];
    private int _used;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            if (index >= Count)
            {
                return default;
            }

            var start = index == 0 ? 0 : _ends[index - 1];
            return _octets.AsSpan(start, _ends[index] - start);
        }
    }

    public static bool IsCandidate(byte b) => b is (byte)',' or (byte)';' or (byte)'\t' or (byte)'|';

    /// <summary>The candidate that the header has most of, outside quotes; the comma when it has none.</summary>
    public static byte GuessDelimiter(ReadOnlySpan<byte> header)
    {
        Span<int> counts = stackalloc int[128];
        counts.Clear();
        var quoted = false;
        foreach (var b in header)
        {
            quoted ^= b == '"';
            if (!quoted && IsCandidate(b))
            {
                counts[b]++;
            }
        }

        var best = (byte)',';
        foreach (var candidate in ";\t|"u8)
        {
            best = counts[candidate] > counts[best] ? candidate : best;
        }

        return best;
    }

    /// <summary>Divides the row; false when it has more fields than a file may have columns.</summary>
    public bool Parse(ReadOnlySpan<byte> row, byte delimiter)
    {
        Count = 0;
        _used = 0;
        if (_octets.Length < row.Length * 3)
        {
            _octets = new byte[row.Length * 3];
        }

        while (true)
        {
            if (Count == _ends.Length)
            {
                return false;
            }

            var start = _used;
            var more = row is [(byte)'"', ..] ? TakeQuoted(ref row, delimiter) : TakePlain(ref row, delimiter);
            if (!Utf8.IsValid(_octets.AsSpan(start, _used - start)))
            {
                Widen(start);
            }

            _ends[Count++] = _used;
            if (!more)
            {
                return true;
            }
        }
    }

    /// <summary>Takes the octets up to the delimiter, which it drops; false when there is none.</summary>
    private bool TakePlain(ref ReadOnlySpan<byte> row, byte delimiter)
    {
        var end = row.IndexOf(delimiter);
        Append(end < 0 ? row : row[..end]);
        row = end < 0 ? default : row[(end + 1)..];
        return end >= 0;
    }

    private bool TakeQuoted(ref ReadOnlySpan<byte> row, byte delimiter)
    {
        row = row[1..];
        while (true)
        {
            var quote = row.IndexOf((byte)'"');
            if (quote < 0)
            {
                Append(row);
                row = default;
                return false;
            }

            Append(row[..quote]);
            row = row[(quote + 1)..];
            if (row is not [(byte)'"', ..])
            {
                // What comes between the closing quote and the delimiter belongs to the field, as spreadsheets have it.
                return TakePlain(ref row, delimiter);
            }

            Append("\""u8);
            row = row[1..];
        }
    }

    private void Append(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(_octets.AsSpan(_used));
        _used += octets.Length;
    }

    /// <summary>Rewrites a field that is not UTF-8 from Windows-1252. A field is at most 64 KiB and this is the rare case, so a string does.</summary>
    private void Widen(int start)
    {
        var text = string.Create(_used - start, (_octets, start), static (chars, from) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                var b = from._octets[from.start + i];
                chars[i] = b is >= 0x80 and < 0xA0 ? Windows1252[b - 0x80] : (char)b;
            }
        });
        _used = start + Encoding.UTF8.GetBytes(text, _octets.AsSpan(start));
    }
}

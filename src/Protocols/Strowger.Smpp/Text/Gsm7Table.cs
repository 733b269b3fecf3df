namespace Strowger.Smpp.Text;

/// <summary>
/// The septets of characters under one single shift and one locking shift table, 0 for the default one (3GPP 23.038, 6.2.1.2). Made once for each pair.
/// </summary>
internal sealed class Gsm7Table
{
    /// <summary>The pairs that are tried for a language: its single shift, its locking shift, both.</summary>
    private const int Languages = 4;

    private static readonly Gsm7Table?[] s_tables = Build();

    private readonly byte[] _codes = new byte[0x400];
    private byte _euro = Gsm7.Extended | Gsm7.EuroCode;
    private byte _infinity = Gsm7.None;

    private Gsm7Table(byte singleShift, byte lockingShift)
    {
        (SingleShift, LockingShift) = (singleShift, lockingShift);
        for (var c = 0; c < _codes.Length; c++)
        {
            _codes[c] = Gsm7.Code((char)c);
        }

        // What the locking shift table has in its place has gone from the basic one.
        var locking = Gsm7National.LockingOf(lockingShift);
        for (var i = 0; i < locking.Length; i += 2)
        {
            if (Gsm7.BasicAt((byte)locking[i]) is var gone && gone < _codes.Length)
            {
                _codes[gone] = Gsm7.None;
            }
        }

        Put(Gsm7National.SingleOf(singleShift), Gsm7.Extended);
        Put(locking, 0);
    }

    public byte SingleShift { get; }

    public byte LockingShift { get; }

    /// <summary>Octets of the header's elements: 3 for each table.</summary>
    public int ElementOctets => (SingleShift > 0 ? 3 : 0) + (LockingShift > 0 ? 3 : 0);

    /// <summary>Null when there is no such pair of tables.</summary>
    public static Gsm7Table? Find(byte singleShift, byte lockingShift) =>
        singleShift < Languages && lockingShift < Languages ? s_tables[(singleShift * Languages) + lockingShift] : null;

    /// <summary>As <see cref="Gsm7.Code"/>.</summary>
    public byte Code(char c) => c < (uint)_codes.Length ? _codes[c] : c switch { '\u20AC' => _euro, '\u221E' => _infinity, _ => Gsm7.None };

    /// <summary>Septets of the text, or -1 when a character is in none of the tables.</summary>
    public int Count(ReadOnlySpan<char> text)
    {
        var septets = 0;
        foreach (var c in text)
        {
            var code = Code(c);
            if (code == Gsm7.None)
            {
                return -1;
            }

            septets += 1 + (code >> 7);
        }

        return septets;
    }

    /// <summary>Writes one septet an octet; the text has no foreign character.</summary>
    public int Encode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        var n = 0;
        foreach (var c in text)
        {
            var code = Code(c);
            if (code >= Gsm7.Extended)
            {
                if (code == Gsm7.None)
                {
                    throw new ArgumentException("The text has a character outside the national tables.", nameof(text));
                }

                destination[n++] = Gsm7.Escape;
                code &= 0x7F;
            }

            destination[n++] = code;
        }

        return n;
    }

    /// <summary>Pairs of code and character; those without an escape last, for they are shorter.</summary>
    private void Put(string pairs, byte flag)
    {
        for (var i = 0; i < pairs.Length; i += 2)
        {
            var code = (byte)(pairs[i] | flag);
            switch (pairs[i + 1])
            {
                case '\u20AC':
                    _euro = code;
                    break;
                case '\u221E':
                    _infinity = code;
                    break;
                case var c when flag == 0 || _codes[c] >= Gsm7.Extended:
                    _codes[c] = code;
                    break;
            }
        }
    }

    private static Gsm7Table?[] Build()
    {
        var tables = new Gsm7Table?[Languages * Languages];
        for (byte single = 0; single < Languages; single++)
        {
            for (byte locking = 0; locking < Languages; locking++)
            {
                // There is no Spanish locking shift table, and two languages at once are of no use.
                var exists = single + locking > 0 && locking != (byte)NationalLanguage.Spanish && (single == 0 || locking == 0 || single == locking);
                tables[(single * Languages) + locking] = exists ? new Gsm7Table(single, locking) : null;
            }
        }

        return tables;
    }
}

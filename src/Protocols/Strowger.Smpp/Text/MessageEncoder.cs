using System.Text;

namespace Strowger.Smpp.Text;

/// <summary>Chooses the smallest encoding of a message and divides it into parts. Pure and, for the caller's own buffers, free of allocation.</summary>
public static class MessageEncoder
{
    /// <summary>
    /// Plans a text: GSM 7-bit if it can carry it, Latin-1 where the channel allows and it takes fewer parts or GSM 7-bit cannot, GSM 7-bit with national tables where the channel allows
    /// and it takes fewer parts than all else, else UCS-2.
    /// </summary>
    /// <param name="text">The text, UTF-16.</param>
    /// <param name="options">The channel's wishes.</param>
    /// <param name="partEnds">Filled with the index after the last character of each part, as far as it has room; may be empty for a preview or when one part is expected.</param>
    public static TextPlan Plan(ReadOnlySpan<char> text, EncodeOptions options, Span<ushort> partEnds)
    {
        ArgumentNullException.ThrowIfNull(options);
        var bad = -1;
        if ((options.Alphabets & Alphabets.Gsm7) != 0)
        {
            var septets = Gsm7.Count(text, out bad);
            if (septets >= 0)
            {
                var gsm = Divide(text, TextEncoding.Gsm7, septets, options, partEnds);
                if (gsm.Parts == 1 || septets == text.Length || (options.Alphabets & Alphabets.Latin1) == 0 || !IsLatin1(text, out _))
                {
                    return gsm;
                }

                // Escapes take two septets, Latin-1 one octet: 160 brackets are three parts in GSM 7-bit and two in Latin-1.
                var latin = Divide(text, TextEncoding.Latin1, text.Length, options, []);
                return latin.Parts < gsm.Parts ? Divide(text, TextEncoding.Latin1, text.Length, options, partEnds) : gsm;
            }
        }

        if ((options.Alphabets & Alphabets.Latin1) != 0)
        {
            if (IsLatin1(text, out var foreign))
            {
                return NationalIfShorter(text, Divide(text, TextEncoding.Latin1, text.Length, options, partEnds), options, partEnds);
            }

            bad = foreign;
        }

        if ((options.Alphabets & Alphabets.Ucs2) != 0)
        {
            bad = Utf16.IndexOfLoneSurrogate(text);
            if (bad < 0)
            {
                return NationalIfShorter(text, Divide(text, TextEncoding.Ucs2, text.Length, options, partEnds), options, partEnds);
            }
        }

        return new TextPlan { Encoding = TextEncoding.Ucs2, Parts = 1, Error = PlanError.Unencodable, ErrorIndex = Math.Max(bad, 0) };
    }

    /// <summary>Plans a text in an encoding settled before (as a stored message has it), whatever <see cref="EncodeOptions.Alphabets"/> says.</summary>
    /// <param name="encoding">Gsm7, Latin1 or Ucs2.</param>
    /// <param name="text">The text.</param>
    /// <param name="options">The rest of the channel's wishes.</param>
    /// <param name="partEnds">As <see cref="Plan"/>.</param>
    /// <param name="singleShift">National single shift table of a GSM 7-bit text.</param>
    /// <param name="lockingShift">National locking shift table.</param>
    public static TextPlan PlanAs(
        TextEncoding encoding, ReadOnlySpan<char> text, EncodeOptions options, Span<ushort> partEnds, byte singleShift = 0, byte lockingShift = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        if ((singleShift | lockingShift) != 0)
        {
            return encoding == TextEncoding.Gsm7 && Gsm7Table.Find(singleShift, lockingShift) is { } table && table.Count(text) is >= 0 and var septets
                ? DivideBy(table, text, septets, options, partEnds)
                : new TextPlan { Encoding = encoding, Parts = 1, Error = PlanError.Unencodable };
        }

        int bad;
        var units = text.Length;
        switch (encoding)
        {
            case TextEncoding.Gsm7:
                units = Gsm7.Count(text, out bad);
                break;
            case TextEncoding.Latin1:
                IsLatin1(text, out bad);
                break;
            case TextEncoding.Ucs2:
                bad = Utf16.IndexOfLoneSurrogate(text);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "Texts are sent in Gsm7, Latin1 or Ucs2.");
        }

        return bad >= 0
            ? new TextPlan { Encoding = encoding, Parts = 1, Error = PlanError.Unencodable, ErrorIndex = bad }
            : Divide(text, encoding, units, options, partEnds);
    }

    /// <summary>Plans octets: 140 alone, 134 or 133 a part.</summary>
    public static TextPlan PlanBinary(int length, EncodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var room = TextLimits.PerPart(TextEncoding.Binary, options.Reference16);
        var parts = length <= TextLimits.Octets ? 1 : (length + room - 1) / room;
        return Result(TextEncoding.Binary, length, parts, options);
    }

    /// <summary>The national tables that take the fewest parts, if those are fewer than what there is.</summary>
    private static TextPlan NationalIfShorter(ReadOnlySpan<char> text, in TextPlan plan, EncodeOptions options, Span<ushort> partEnds)
    {
        if (plan.Parts == 1 || options.NationalLanguages.Count == 0 || (options.Alphabets & Alphabets.Gsm7) == 0)
        {
            return plan;
        }

        var (best, septets, parts) = ((Gsm7Table?)null, 0, plan.Parts);
        for (var i = 0; i < options.NationalLanguages.Count; i++)
        {
            var language = (byte)options.NationalLanguages[i];
            for (var shifts = 1; shifts <= 3; shifts++)
            {
                if (Gsm7Table.Find((shifts & 1) != 0 ? language : (byte)0, (shifts & 2) != 0 ? language : (byte)0) is { } table
                    && table.Count(text) is >= 0 and var count && DivideBy(table, text, count, options, []).Parts is var needed && needed < parts)
                {
                    (best, septets, parts) = (table, count, needed);
                }
            }
        }

        return best is null ? plan : DivideBy(best, text, septets, options, partEnds);
    }

    private static TextPlan DivideBy(Gsm7Table table, ReadOnlySpan<char> text, int septets, EncodeOptions options, Span<ushort> partEnds)
    {
        var parts = 1;
        if (septets > TextLimits.SeptetsAfter(1 + table.ElementOctets))
        {
            var room = TextLimits.SeptetsAfter((options.Reference16 ? TextLimits.Header16 : TextLimits.Header8) + table.ElementOctets);
            var least = (septets + room - 1) / room;
            parts = least > TextLimits.MaxParts ? least : PartSplitter.Split(text, table, room, partEnds);
        }
        else if (!partEnds.IsEmpty)
        {
            partEnds[0] = (ushort)text.Length;
        }

        return Result(TextEncoding.Gsm7, septets, parts, options) with { SingleShift = table.SingleShift, LockingShift = table.LockingShift };
    }

    private static TextPlan Divide(ReadOnlySpan<char> text, TextEncoding encoding, int units, EncodeOptions options, Span<ushort> partEnds)
    {
        if (units <= TextLimits.Single(encoding))
        {
            if (!partEnds.IsEmpty)
            {
                partEnds[0] = (ushort)text.Length;
            }

            return Result(encoding, units, 1, options);
        }

        // The even division is the least it can be: what is far too long is refused without being walked, and what is walked ends below 65,536.
        var room = TextLimits.PerPart(encoding, options.Reference16);
        var least = (units + room - 1) / room;
        var parts = least > TextLimits.MaxParts ? least : PartSplitter.Split(text, encoding, room, partEnds);
        return Result(encoding, units, parts, options);
    }

    private static TextPlan Result(TextEncoding encoding, int units, int parts, EncodeOptions options)
    {
        var allowed = Math.Clamp(options.MaxParts, 1, TextLimits.MaxParts);
        return new TextPlan
        {
            Encoding = encoding,
            DataCoding = encoding switch
            {
                TextEncoding.Gsm7 => options.Gsm7DataCoding,
                TextEncoding.Latin1 => options.Latin1DataCoding,
                TextEncoding.Ucs2 => options.Ucs2DataCoding,
                _ => options.BinaryDataCoding,
            },
            Units = units,
            Parts = parts,
            Packed = encoding == TextEncoding.Gsm7 && options.PackGsm7,
            Reference16 = options.Reference16,
            Error = parts > allowed ? PlanError.TooLong : PlanError.None,
            ErrorIndex = -1,
        };
    }

    private static bool IsLatin1(ReadOnlySpan<char> text, out int foreign)
    {
        foreign = text.IndexOfAnyExceptInRange('\0', '\u00FF');
        return foreign < 0;
    }
}

using System.Buffers;
using System.Text;

namespace Strowger.Smpp.Text;

/// <summary>Writes the user data of one part: the concatenation header when there are several parts, then the characters or octets.</summary>
public static class PartWriter
{
    /// <summary>Writes one part of a text.</summary>
    /// <param name="plan">The text's plan, without error.</param>
    /// <param name="text">The text that was planned.</param>
    /// <param name="partEnds">The ends from planning; may be empty when there is one part.</param>
    /// <param name="part">From 0.</param>
    /// <param name="reference">The same for all parts, another for the next message to the same number; its low 8 bits are used with 8-bit references.</param>
    /// <param name="destination">At least <see cref="TextLimits.MaxPartOctets"/>.</param>
    /// <param name="udhi">True: a header was written, so esm_class gets 0x40.</param>
    /// <param name="inHeader">False: what makes it a part goes elsewhere, as into the sar_ parameters of SMPP.</param>
    /// <returns>Octets written: at most 140, or 160 of unpacked septets (159 with a header).</returns>
    public static int WritePart(
        in TextPlan plan, ReadOnlySpan<char> text, ReadOnlySpan<ushort> partEnds, int part, ushort reference, Span<byte> destination, out bool udhi, bool inHeader = true)
    {
        Check(plan, part);
        var start = part == 0 ? 0 : partEnds[part - 1];
        var end = plan.Parts == 1 ? text.Length : partEnds[part];
        var header = inHeader ? WriteHeader(plan, part, reference, destination) : 0;
        udhi = header > 0;
        return WriteText(plan, text[start..end], destination, header);
    }

    /// <summary>A bound on what <see cref="WriteWhole"/> writes.</summary>
    public static int MaxWhole(in TextPlan plan) => plan.Parts * MaxPartOctets(plan.Encoding);

    /// <summary>Writes a text of several parts in one piece, for message_payload: the carrier divides it.</summary>
    /// <param name="plan">The text's plan, without error.</param>
    /// <param name="text">The text that was planned.</param>
    /// <param name="destination">At least <see cref="MaxWhole"/>.</param>
    /// <returns>Octets written.</returns>
    public static int WriteWhole(in TextPlan plan, ReadOnlySpan<char> text, Span<byte> destination)
    {
        Check(plan, 0);
        if (!plan.Packed)
        {
            return WriteText(plan, text, destination, 0);
        }

        var septets = ArrayPool<byte>.Shared.Rent(MaxWhole(plan));
        var length = Gsm7Packing.Pack(septets.AsSpan(0, Gsm7.Encode(text, septets)), destination, 0);
        ArrayPool<byte>.Shared.Return(septets);
        return length;
    }

    private static int MaxPartOctets(TextEncoding encoding) => encoding == TextEncoding.Gsm7 ? TextLimits.Septets : TextLimits.Octets;

    private static int WriteText(in TextPlan plan, ReadOnlySpan<char> text, Span<byte> destination, int header)
    {
        var body = destination[header..];
        switch (plan.Encoding)
        {
            case TextEncoding.Gsm7 when plan.Packed:
                Span<byte> septets = stackalloc byte[TextLimits.Septets];
                return Gsm7Packing.Pack(septets[..EncodeGsm7(plan, text, septets)], destination, header);
            case TextEncoding.Gsm7:
                return header + EncodeGsm7(plan, text, body);
            case TextEncoding.Latin1:
                return header + Encoding.Latin1.GetBytes(text, body);
            case TextEncoding.Ucs2:
                return header + Utf16.Encode(text, body);
            default:
                throw new ArgumentException("The plan is of octets, not of a text.", nameof(plan));
        }
    }

    /// <summary>Writes one part of octets; see <see cref="WritePart"/>.</summary>
    public static int WriteBinaryPart(
        in TextPlan plan, ReadOnlySpan<byte> data, int part, ushort reference, Span<byte> destination, out bool udhi, bool inHeader = true)
    {
        Check(plan, part);
        var header = inHeader ? WriteHeader(plan, part, reference, destination) : 0;
        udhi = header > 0;
        var slice = data;
        if (plan.Parts > 1)
        {
            var room = TextLimits.PerPart(TextEncoding.Binary, plan.Reference16);
            slice = data[(part * room)..Math.Min(data.Length, (part + 1) * room)];
        }

        slice.CopyTo(destination[header..]);
        return header + slice.Length;
    }

    private static int EncodeGsm7(in TextPlan plan, ReadOnlySpan<char> text, Span<byte> destination) =>
        Gsm7Table.Find(plan.SingleShift, plan.LockingShift) is { } table ? table.Encode(text, destination) : Gsm7.Encode(text, destination);

    private static void Check(in TextPlan plan, int part)
    {
        if (!plan.Ok)
        {
            throw new ArgumentException("The plan says that the message cannot be sent.", nameof(plan));
        }

        if ((uint)part >= (uint)plan.Parts)
        {
            throw new ArgumentOutOfRangeException(nameof(part), part, "The message has fewer parts.");
        }
    }

    private static int WriteHeader(in TextPlan plan, int part, ushort reference, Span<byte> destination)
    {
        var length = plan.Parts == 1 ? plan.IsNational ? 1 : 0 : WriteConcatenation(plan, part, reference, destination);
        if (plan.IsNational)
        {
            length = WriteShift(UdhElement.SingleShift, plan.SingleShift, destination, length);
            length = WriteShift(UdhElement.LockingShift, plan.LockingShift, destination, length);
            destination[0] = (byte)(length - 1);
        }

        return length;
    }

    // 3GPP 23.040, 9.2.3.24.15 and 9.2.3.24.16.
    private static int WriteShift(UdhElement element, byte table, Span<byte> destination, int at)
    {
        if (table == 0)
        {
            return at;
        }

        destination[at] = (byte)element;
        destination[at + 1] = 1;
        destination[at + 2] = table;
        return at + 3;
    }

    // 3GPP 23.040, 9.2.3.24.1 (8-bit reference) and 9.2.3.24.8 (16-bit).
    private static int WriteConcatenation(in TextPlan plan, int part, ushort reference, Span<byte> destination)
    {

        if (plan.Reference16)
        {
            destination[6] = (byte)(part + 1);
            destination[5] = (byte)plan.Parts;
            destination[4] = (byte)reference;
            destination[3] = (byte)(reference >> 8);
            destination[2] = 4;
            destination[1] = (byte)UdhElement.Concatenation16;
            destination[0] = 6;
            return TextLimits.Header16;
        }

        destination[5] = (byte)(part + 1);
        destination[4] = (byte)plan.Parts;
        destination[3] = (byte)reference;
        destination[2] = 3;
        destination[1] = (byte)UdhElement.Concatenation8;
        destination[0] = 5;
        return TextLimits.Header8;
    }
}

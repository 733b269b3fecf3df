using System.Buffers.Binary;
using System.Text;
using Strowger.Smpp;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging.Channels;

/// <summary>Makes the submit_sm of one part. One thread at a time; the PDU's spans are valid until the next call.</summary>
internal sealed class SubmitBuilder
{
    private const byte International = 1;
    private const byte E164 = 1;
    private const byte Udhi = 0x40;
    private const int TlvHeader = 4;

    /// <summary>sar_msg_ref_num, sar_total_segments, sar_segment_seqnum.</summary>
    private const int SarOctets = (3 * TlvHeader) + 2 + 1 + 1;

    /// <summary>A text of 255 parts of 160 characters.</summary>
    private readonly char[] _text = new char[TextLimits.MaxParts * TextLimits.Septets];
    private readonly ushort[] _partEnds = new ushort[TextLimits.MaxParts];
    private readonly byte[] _payload = new byte[TextLimits.MaxPartOctets];
    private readonly byte[] _source = new byte[Sender.MaxLength + 1];
    private readonly byte[] _validity = new byte[RelativeTime.Length];
    private readonly byte[] _destination = new byte[Msisdn.MaxDigits + 1];

    /// <summary>Grows to the caller's TLVs and the longest text in one piece, some 40 KB.</summary>
    private byte[] _tlvs = new byte[64];

    /// <summary>False when the text can no longer be planned as it was at acceptance.</summary>
    /// <param name="message">The whole.</param>
    /// <param name="part">From 0.</param>
    /// <param name="reference">Same in all parts.</param>
    /// <param name="timeLeft">After which the carrier need not deliver it; null = the carrier's own limit.</param>
    /// <param name="mode">How this carrier is told of parts. A text accepted in parts goes in parts, one accepted in one piece in one.</param>
    /// <param name="pdu">The part.</param>
    public bool TryBuild(in MessageBodyReader message, int part, ushort reference, TimeSpan? timeLeft, LongMessages mode, out SubmitSm pdu)
    {
        pdu = default;
        var udhi = false;
        ReadOnlySpan<byte> payload;
        ReadOnlySpan<byte> tlvs;
        if (message.IsData && message.Plan.Parts == 1 && part == 0 && !message.InPayload)
        {
            // As it came: one part of octets may be longer than any we make, with a header of its sender's.
            payload = message.Content;
            tlvs = message.Tlvs;
        }
        else if (message.InPayload)
        {
            if (!TryWriteWhole(message, out var octets))
            {
                return false;
            }

            payload = default;
            tlvs = _tlvs.AsSpan(0, octets);
        }
        else
        {
            // A text in national tables has a header anyway: what joins its parts stands there too.
            var inSar = mode == LongMessages.Sar && message.Plan is { Parts: > 1, IsNational: false };
            if (!TryWritePart(message, part, reference, !inSar, out var length, out udhi))
            {
                return false;
            }

            payload = _payload.AsSpan(0, length);
            tlvs = inSar ? _tlvs.AsSpan(0, WriteSar(message, part, reference)) : message.Tlvs;
        }

        pdu = new SubmitSm
        {
            SourceTon = message.From.Ton,
            SourceNpi = message.From.Npi,
            Source = _source.AsSpan(0, message.From.CopyTo(_source)),
            DestinationTon = International,
            DestinationNpi = E164,
            Destination = _destination.AsSpan(0, message.To.WriteDigits(_destination)),
            EsmClass = (byte)(message.EsmClass | (udhi ? Udhi : 0)),
            ProtocolId = message.ProtocolId,
            ValidityPeriod = timeLeft is { } left ? _validity.AsSpan(0, RelativeTime.Write(left, _validity)) : default,
            RegisteredDelivery = 1,
            DataCoding = message.Plan.DataCoding,
            ShortMessage = payload,
            Tlvs = tlvs,
        };
        return true;
    }

    private bool TryWritePart(in MessageBodyReader message, int part, ushort reference, bool inHeader, out int length, out bool udhi)
    {
        (length, udhi) = (0, false);
        var plan = message.Plan;
        if (part >= plan.Parts)
        {
            return false;
        }

        if (message.IsData)
        {
            length = PartWriter.WriteBinaryPart(plan, message.Content, part, reference, _payload, out udhi, inHeader);
            return true;
        }

        if (!TryRead(message.Content, out var text) || ((plan.Parts > 1 || plan.IsNational) && !TryDivide(plan, text)))
        {
            return false;
        }

        length = PartWriter.WritePart(plan, text, _partEnds, part, reference, _payload, out udhi, inHeader);
        return true;
    }

    /// <summary>message_payload with all of it, behind the caller's TLVs; sm_length is 0 then (SMPP 3.4, 5.3.2.32).</summary>
    private bool TryWriteWhole(in MessageBodyReader message, out int octets)
    {
        octets = 0;
        var plan = message.Plan;
        var at = message.Tlvs.Length + TlvHeader;
        Reserve(at + (message.IsData ? message.Content.Length : PartWriter.MaxWhole(plan)));
        message.Tlvs.CopyTo(_tlvs);
        int length;
        if (message.IsData)
        {
            message.Content.CopyTo(_tlvs.AsSpan(at));
            length = message.Content.Length;
        }
        else if (TryRead(message.Content, out var text) && MessageEncoder.PlanAs(plan.Encoding, text, OptionsOf(plan), []) is { Ok: true } again && again.Parts <= plan.Parts)
        {
            length = PartWriter.WriteWhole(plan, text, _tlvs.AsSpan(at));
        }
        else
        {
            return false;
        }

        WriteHeader(_tlvs.AsSpan(message.Tlvs.Length), TlvTag.MessagePayload, length);
        octets = at + length;
        return true;
    }

    /// <summary>The sar_ parameters behind the caller's TLVs; returns the octets of both.</summary>
    private int WriteSar(in MessageBodyReader message, int part, ushort reference)
    {
        Reserve(message.Tlvs.Length + SarOctets);
        message.Tlvs.CopyTo(_tlvs);
        var to = _tlvs.AsSpan(message.Tlvs.Length, SarOctets);
        WriteHeader(to, TlvTag.SarMessageReference, 2);

        // As the header of a part that leaves by another channel says it: a phone joins them by it.
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], message.Plan.Reference16 ? reference : (byte)reference);
        WriteHeader(to[6..], TlvTag.SarTotalSegments, 1);
        to[10] = (byte)message.Plan.Parts;
        WriteHeader(to[11..], TlvTag.SarSegmentNumber, 1);
        to[15] = (byte)(part + 1);
        return message.Tlvs.Length + SarOctets;
    }

    private bool TryRead(scoped ReadOnlySpan<byte> utf8, out ReadOnlySpan<char> text)
    {
        var count = 0;
        var fits = utf8.Length <= _text.Length * 3 && Encoding.UTF8.TryGetChars(utf8, _text, out count);
        text = _text.AsSpan(0, count);
        return fits;
    }

    private bool TryDivide(in TextPlan plan, ReadOnlySpan<char> text)
    {
        var again = MessageEncoder.PlanAs(plan.Encoding, text, OptionsOf(plan), _partEnds, plan.SingleShift, plan.LockingShift);
        return again.Ok && again.Parts == plan.Parts;
    }

    private static EncodeOptions OptionsOf(in TextPlan plan) =>
        new() { Reference16 = plan.Reference16, PackGsm7 = plan.Packed, MaxParts = TextLimits.MaxParts };

    private void Reserve(int octets)
    {
        if (_tlvs.Length < octets)
        {
            _tlvs = new byte[octets];
        }
    }

    private static void WriteHeader(Span<byte> to, ushort tag, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, tag);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)length);
    }
}

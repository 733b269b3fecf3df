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

    /// <summary>A text of 255 parts of 160 characters.</summary>
    private readonly char[] _text = new char[TextLimits.MaxParts * TextLimits.Septets];
    private readonly ushort[] _partEnds = new ushort[TextLimits.MaxParts];
    private readonly byte[] _payload = new byte[TextLimits.MaxPartOctets];
    private readonly byte[] _source = new byte[Sender.MaxLength + 1];
    private readonly byte[] _validity = new byte[RelativeTime.Length];
    private readonly byte[] _destination = new byte[Msisdn.MaxDigits + 1];

    /// <summary>False when the text can no longer be planned as it was at acceptance.</summary>
    /// <param name="message">The whole.</param>
    /// <param name="part">From 0.</param>
    /// <param name="reference">Same in all parts.</param>
    /// <param name="timeLeft">After which the carrier need not deliver it; null = the carrier's own limit.</param>
    /// <param name="pdu">The part.</param>
    public bool TryBuild(in MessageBodyReader message, int part, ushort reference, TimeSpan? timeLeft, out SubmitSm pdu)
    {
        pdu = default;
        if (!TryWritePayload(message, part, reference, out var length, out var udhi))
        {
            return false;
        }

        pdu = new SubmitSm
        {
            SourceTon = message.From.Ton,
            SourceNpi = message.From.Npi,
            Source = _source.AsSpan(0, message.From.CopyTo(_source)),
            DestinationTon = International,
            DestinationNpi = E164,
            Destination = _destination.AsSpan(0, message.To.WriteDigits(_destination)),
            EsmClass = udhi ? Udhi : (byte)0,
            ValidityPeriod = timeLeft is { } left ? _validity.AsSpan(0, RelativeTime.Write(left, _validity)) : default,
            RegisteredDelivery = 1,
            DataCoding = message.Plan.DataCoding,
            ShortMessage = _payload.AsSpan(0, length),
            Tlvs = message.Tlvs,
        };
        return true;
    }

    private bool TryWritePayload(in MessageBodyReader message, int part, ushort reference, out int length, out bool udhi)
    {
        (length, udhi) = (0, false);
        var plan = message.Plan;
        if (part >= plan.Parts)
        {
            return false;
        }

        if (message.IsData)
        {
            length = PartWriter.WriteBinaryPart(plan, message.Content, part, reference, _payload, out udhi);
            return true;
        }

        if (message.Content.Length > _text.Length * 3 || !Encoding.UTF8.TryGetChars(message.Content, _text, out var count))
        {
            return false;
        }

        var text = _text.AsSpan(0, count);
        if (plan.Parts > 1)
        {
            var options = new EncodeOptions { Reference16 = plan.Reference16, PackGsm7 = plan.Packed, MaxParts = TextLimits.MaxParts };
            var again = MessageEncoder.PlanAs(plan.Encoding, text, options, _partEnds);
            if (!again.Ok || again.Parts != plan.Parts)
            {
                return false;
            }
        }

        length = PartWriter.WritePart(plan, text, _partEnds, part, reference, _payload, out udhi);
        return true;
    }
}

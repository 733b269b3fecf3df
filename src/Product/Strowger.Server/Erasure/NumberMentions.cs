using System.Text.Json;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Smpp;

namespace Strowger.Server.Erasure;

/// <summary>Tells whether a job is about a number: a text to or from it, whatever door it came by, and any other job that names it in any of its forms.</summary>
internal sealed class NumberMentions(NumberForms forms)
{
    /// <summary>Longer members of an object are no numbers.</summary>
    private const int MostOctets = 64;

    public NumberForms Forms => forms;

    public bool Names(in EngineEvent accepted)
    {
        if (MessageMark.IsOfMessage(accepted.Headers) && MessageBodyReader.TryRead(accepted.Data, out var message, out _))
        {
            return message.To == forms.Number || IsFrom(message.From);
        }

        return forms.IsIn(accepted.Data) || forms.IsIn(accepted.Headers)
            || (DeliverMark.IsOne(accepted.Headers) ? IsOfDelivery(accepted.Data) : IsMember(accepted.Data));
    }

    /// <summary>Whether it is the sender: as every door writes it, international.</summary>
    public bool IsFrom(Sender sender)
    {
        Span<byte> octets = stackalloc byte[Sender.MaxLength];
        return sender.Kind is SenderKind.Number or SenderKind.ShortCode && forms.IsDigits(octets[..sender.CopyTo(octets)]);
    }

    /// <summary>What waits for a client over SMPP: a whole deliver_sm, its addresses as the carrier wrote them.</summary>
    private bool IsOfDelivery(ReadOnlySpan<byte> pdu) =>
        pdu.Length > SmppLimits.HeaderBytes && DeliverSm.TryDecode(pdu[SmppLimits.HeaderBytes..], out var deliver, out _)
        && (forms.IsNumber(deliver.Source) || forms.IsNumber(deliver.Destination));

    /// <summary>Whether a string of a JSON document is the number and nothing else.</summary>
    private bool IsMember(ReadOnlySpan<byte> data)
    {
        if (data is not [(byte)'{' or (byte)'[' or (byte)'"', ..])
        {
            return false;
        }

        Span<byte> unescaped = stackalloc byte[MostOctets];
        var reader = new Utf8JsonReader(data);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= MostOctets
                    && forms.IsNumber(reader.ValueIsEscaped ? unescaped[..reader.CopyString(unescaped)] : reader.ValueSpan))
                {
                    return true;
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Octets of somebody's own: their digits have been looked at.
        }

        return false;
    }
}

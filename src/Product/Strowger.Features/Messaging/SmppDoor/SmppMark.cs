using System.Text;
using Strowger.Smpp;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>
/// Stands beside a text that came over SMPP: what its receipt needs to be like the submit_sm it answers.
/// <code>u8 0xC1, u8 2, u8 registered_delivery, u8 source ton, npi, u8 destination ton, npi, system_id</code>
/// </summary>
internal readonly ref struct SmppMark
{
    public const int MaxLength = Fixed + SmppLimits.SystemIdBytes;
    private const int Fixed = 7;
    private const byte Kind = 2;

    public byte RegisteredDelivery { get; private init; }
    public byte SourceTon { get; private init; }
    public byte SourceNpi { get; private init; }
    public byte DestinationTon { get; private init; }
    public byte DestinationNpi { get; private init; }

    /// <summary>The client's, ASCII.</summary>
    public ReadOnlySpan<byte> SystemId { get; private init; }

    /// <summary>Whether a receipt is wanted in some case (SMPP 3.4, 5.2.17).</summary>
    public bool WantsReceipt => (RegisteredDelivery & 3) != 0;

    /// <summary>Whether one is wanted of a text that arrived, or did not: 1 always, 2 on failure, 3 on success (5.0).</summary>
    public bool Wants(bool delivered) => (RegisteredDelivery & 3) switch
    {
        1 => true,
        2 => !delivered,
        3 => delivered,
        _ => false,
    };

    public static int Write(in SubmitSm pdu, ReadOnlySpan<byte> systemId, Span<byte> to)
    {
        to[0] = MessageMark.First;
        to[1] = Kind;
        to[2] = pdu.RegisteredDelivery;
        to[3] = pdu.SourceTon;
        to[4] = pdu.SourceNpi;
        to[5] = pdu.DestinationTon;
        to[6] = pdu.DestinationNpi;
        systemId.CopyTo(to[Fixed..]);
        return Fixed + systemId.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> headers, out SmppMark mark)
    {
        mark = default;
        if (headers is not [MessageMark.First, Kind, ..] || headers.Length is <= Fixed or > MaxLength)
        {
            return false;
        }

        mark = new SmppMark
        {
            RegisteredDelivery = headers[2],
            SourceTon = headers[3],
            SourceNpi = headers[4],
            DestinationTon = headers[5],
            DestinationNpi = headers[6],
            SystemId = headers[Fixed..],
        };
        return true;
    }

    public bool IsOf(DoorClient client) => SystemId.SequenceEqual(client.SystemIdOctets);

    public override string ToString() => Encoding.ASCII.GetString(SystemId);
}

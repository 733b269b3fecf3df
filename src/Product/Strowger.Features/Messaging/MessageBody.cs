using System.Buffers;
using System.Buffers.Binary;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging;

/// <summary>Writes the binary form a message has as a job's body; docs/formats/message-body.md has it octet by octet.</summary>
public static class MessageBody
{
    /// <summary>The version written.</summary>
    public const byte Version = 1;

    /// <summary>Octets before the sender.</summary>
    internal const int FixedLength = 15;

    /// <summary>esm_class and protocol_id.</summary>
    internal const int WireLength = 2;

    /// <summary>A length is at most 3 octets: nothing in a body reaches 2 MiB.</summary>
    private const int MaxVarint = 3;

    /// <summary>A bound on the length of the body.</summary>
    public static int MaxLength(in MessageBodyFields fields) =>
        FixedLength + Sender.MaxLength + 8 + 1 + WireLength + (7 * MaxVarint)
        + fields.Content.Length + fields.Reference.Length + fields.Campaign.Length + fields.CallbackUrl.Length + fields.Channel.Length + fields.Tlvs.Length + fields.Account.Length;

    /// <summary>Writes the body and returns its length.</summary>
    public static int Write(in MessageBodyFields fields, IBufferWriter<byte> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var length = Write(fields, writer.GetSpan(MaxLength(fields)));
        writer.Advance(length);
        return length;
    }

    /// <summary>Writes the body into <see cref="MaxLength"/> octets and returns its length.</summary>
    public static int Write(in MessageBodyFields fields, Span<byte> destination)
    {
        var plan = fields.Plan;
        if (!plan.Ok || plan.Parts is < 1 or > TextLimits.MaxParts || !fields.To.IsValid)
        {
            throw new ArgumentException("Only a message that can be sent has a body.", nameof(fields));
        }

        destination[0] = Version;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)Flags(fields));
        destination[3] = (byte)plan.Encoding;
        destination[4] = plan.DataCoding;
        destination[5] = (byte)plan.Parts;
        destination[6] = (byte)(((int)fields.From.Kind << 4) | fields.From.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[7..], fields.To.Value);
        var n = FixedLength + fields.From.CopyTo(destination[FixedLength..]);
        Put(fields.Content, destination, ref n);
        PutOptional(fields.Reference, destination, ref n);
        PutOptional(fields.Campaign, destination, ref n);
        PutOptional(fields.CallbackUrl, destination, ref n);
        PutOptional(fields.Channel, destination, ref n);
        if (fields.GeneratedAtMs is { } generatedAt)
        {
            BinaryPrimitives.WriteInt64LittleEndian(destination[n..], generatedAt);
            n += 8;
        }

        PutOptional(fields.Tlvs, destination, ref n);
        PutOptional(fields.Account, destination, ref n);
        if (plan.IsNational)
        {
            destination[n++] = (byte)((plan.LockingShift << 4) | plan.SingleShift);
        }

        if (fields.Wire != default)
        {
            (destination[n], destination[n + 1]) = fields.Wire;
            n += WireLength;
        }

        return n;
    }

    private static BodyFlags Flags(in MessageBodyFields fields)
    {
        var flags = (BodyFlags)((int)fields.Priority << BodyFlagBits.PriorityShift);
        flags |= fields.Plan.Packed ? BodyFlags.Packed : 0;
        flags |= fields.Plan.Reference16 ? BodyFlags.Reference16 : 0;
        flags |= fields.Plan.IsNational ? BodyFlags.National : 0;
        flags |= fields.InPayload ? BodyFlags.Payload : 0;
        flags |= fields.Reference.IsEmpty ? 0 : BodyFlags.Reference;
        flags |= fields.Campaign.IsEmpty ? 0 : BodyFlags.Campaign;
        flags |= fields.CallbackUrl.IsEmpty ? 0 : BodyFlags.CallbackUrl;
        flags |= fields.Channel.IsEmpty ? 0 : BodyFlags.Channel;
        flags |= fields.GeneratedAtMs is null ? 0 : BodyFlags.GeneratedAt;
        flags |= fields.Tlvs.IsEmpty ? 0 : BodyFlags.Tlvs;
        flags |= fields.Account.IsEmpty ? 0 : BodyFlags.Account;
        flags |= fields.Wire == default ? 0 : BodyFlags.Wire;
        return flags;
    }

    private static void PutOptional(ReadOnlySpan<byte> value, Span<byte> destination, ref int n)
    {
        if (!value.IsEmpty)
        {
            Put(value, destination, ref n);
        }
    }

    private static void Put(ReadOnlySpan<byte> value, Span<byte> destination, ref int n)
    {
        var length = (uint)value.Length;
        while (length > 0x7F)
        {
            destination[n++] = (byte)(length | 0x80);
            length >>= 7;
        }

        destination[n++] = (byte)length;
        value.CopyTo(destination[n..]);
        n += value.Length;
    }
}

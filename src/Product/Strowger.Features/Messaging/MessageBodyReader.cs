using System.Buffers.Binary;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging;

/// <summary>Why a body cannot be read.</summary>
public enum MessageBodyError : byte
{
    /// <summary>It can.</summary>
    None,

    /// <summary>It ends too early.</summary>
    Truncated,

    /// <summary>A newer program wrote it.</summary>
    UnknownVersion,

    /// <summary>A value in it cannot be.</summary>
    Invalid,
}

/// <summary>A message's body, read in place. Every length is checked: a damaged body is refused, not half read.</summary>
public readonly ref struct MessageBodyReader
{
    /// <summary>The receiver.</summary>
    public Msisdn To { get; private init; }

    /// <summary>The sender.</summary>
    public Sender From { get; private init; }

    /// <summary>What was decided at accept; <see cref="TextPlan.Units"/> is not kept.</summary>
    public TextPlan Plan { get; private init; }

    /// <summary>Handed over in one piece: one job, whatever the parts of the plan.</summary>
    public bool InPayload { get; private init; }

    /// <summary>True: <see cref="Content"/> is octets, not a text.</summary>
    public bool IsData => Plan.Encoding == TextEncoding.Binary;

    /// <summary>The text in UTF-8, or octets.</summary>
    public ReadOnlySpan<byte> Content { get; private init; }

    /// <summary>The lane.</summary>
    public MessagePriority Priority { get; private init; }

    /// <summary>The caller's reference, UTF-8.</summary>
    public ReadOnlySpan<byte> Reference { get; private init; }

    /// <summary>The campaign, UTF-8.</summary>
    public ReadOnlySpan<byte> Campaign { get; private init; }

    /// <summary>Where to post what happens.</summary>
    public ReadOnlySpan<byte> CallbackUrl { get; private init; }

    /// <summary>The channel the message must go by; empty: as routed.</summary>
    public ReadOnlySpan<byte> Channel { get; private init; }

    /// <summary>When the caller made it, Unix milliseconds.</summary>
    public long? GeneratedAtMs { get; private init; }

    /// <summary>TLVs as on the wire: tag, length, value, each whole.</summary>
    public ReadOnlySpan<byte> Tlvs { get; private init; }

    /// <summary>Who handed it in, UTF-8; empty: nobody with a name.</summary>
    public ReadOnlySpan<byte> Account { get; private init; }

    /// <summary>esm_class that the caller gave, such as 0x40: a user data header begins the content.</summary>
    public byte EsmClass { get; private init; }

    /// <summary>protocol_id that the caller gave.</summary>
    public byte ProtocolId { get; private init; }

    /// <summary>Reads a body; false with the reason when it is not one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out MessageBodyReader message, out MessageBodyError error)
    {
        message = default;
        error = MessageBodyError.Truncated;
        if (body.IsEmpty)
        {
            return false;
        }

        if (body[0] != MessageBody.Version)
        {
            error = body[0] > MessageBody.Version ? MessageBodyError.UnknownVersion : MessageBodyError.Invalid;
            return false;
        }

        if (body.Length < MessageBody.FixedLength)
        {
            return false;
        }

        var flags = (int)BinaryPrimitives.ReadUInt16LittleEndian(body[1..]);
        var priority = (flags >> BodyFlagBits.PriorityShift) & 3;
        var to = new Msisdn(BinaryPrimitives.ReadUInt64LittleEndian(body[7..]));
        var fromLength = body[6] & 0x0F;
        var rest = body[MessageBody.FixedLength..];
        if (fromLength > rest.Length)
        {
            return false;
        }

        error = MessageBodyError.Invalid;
        if ((flags & BodyFlagBits.Reserved) != 0 || priority > (int)MessagePriority.Bulk || body[3] > (byte)TextEncoding.Binary || body[5] == 0 || !to.IsValid
            || !Sender.TryRestore((SenderKind)(body[6] >> 4), rest[..fromLength], out var from))
        {
            return false;
        }

        rest = rest[fromLength..];
        var ok = Take(ref rest, true, out var content);
        ok &= Take(ref rest, (flags & (int)BodyFlags.Reference) != 0, out var reference);
        ok &= Take(ref rest, (flags & (int)BodyFlags.Campaign) != 0, out var campaign);
        ok &= Take(ref rest, (flags & (int)BodyFlags.CallbackUrl) != 0, out var callbackUrl);
        ok &= Take(ref rest, (flags & (int)BodyFlags.Channel) != 0, out var channel);
        ok &= TakeTime(ref rest, (flags & (int)BodyFlags.GeneratedAt) != 0, out var generatedAt);
        ok &= Take(ref rest, (flags & (int)BodyFlags.Tlvs) != 0, out var tlvs);
        ok &= Take(ref rest, (flags & (int)BodyFlags.Account) != 0, out var account);
        ok &= TakeTables(ref rest, (flags & (int)BodyFlags.National) != 0, out var tables);
        ok &= TakeWire(ref rest, (flags & (int)BodyFlags.Wire) != 0, out var esmClass, out var protocolId);
        if (!ok)
        {
            error = MessageBodyError.Truncated;
            return false;
        }

        if (!rest.IsEmpty || !AreWhole(tlvs) || (tables == 0 && (flags & (int)BodyFlags.National) != 0))
        {
            return false;
        }

        error = MessageBodyError.None;
        message = new MessageBodyReader
        {
            To = to,
            From = from,
            Plan = new TextPlan
            {
                Encoding = (TextEncoding)body[3],
                DataCoding = body[4],
                Parts = body[5],
                SingleShift = (byte)(tables & 0x0F),
                LockingShift = (byte)(tables >> 4),
                Packed = (flags & (int)BodyFlags.Packed) != 0,
                Reference16 = (flags & (int)BodyFlags.Reference16) != 0,
                ErrorIndex = -1,
            },
            InPayload = (flags & (int)BodyFlags.Payload) != 0,
            Content = content,
            Priority = (MessagePriority)priority,
            Reference = reference,
            Campaign = campaign,
            CallbackUrl = callbackUrl,
            Channel = channel,
            GeneratedAtMs = generatedAt,
            Tlvs = tlvs,
            Account = account,
            EsmClass = esmClass,
            ProtocolId = protocolId,
        };
        return true;
    }

    private static bool Take(scoped ref ReadOnlySpan<byte> rest, bool present, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!present)
        {
            return true;
        }

        var length = 0;
        var n = 0;
        byte b;
        do
        {
            // Three octets of 7 bits: nothing in a body reaches 2 MiB.
            if (n == rest.Length || n == 3)
            {
                return false;
            }

            b = rest[n];
            length |= (b & 0x7F) << (7 * n);
            n++;
        }
        while (b > 0x7F);

        if (length > rest.Length - n)
        {
            return false;
        }

        value = rest.Slice(n, length);
        rest = rest[(n + length)..];
        return true;
    }

    private static bool TakeTables(scoped ref ReadOnlySpan<byte> rest, bool present, out byte tables)
    {
        tables = 0;
        if (!present)
        {
            return true;
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        tables = rest[0];
        rest = rest[1..];
        return true;
    }

    private static bool TakeTime(scoped ref ReadOnlySpan<byte> rest, bool present, out long? ms)
    {
        ms = null;
        if (!present)
        {
            return true;
        }

        if (rest.Length < 8)
        {
            return false;
        }

        ms = BinaryPrimitives.ReadInt64LittleEndian(rest);
        rest = rest[8..];
        return true;
    }

    private static bool TakeWire(scoped ref ReadOnlySpan<byte> rest, bool present, out byte esmClass, out byte protocolId)
    {
        (esmClass, protocolId) = (0, 0);
        if (!present)
        {
            return true;
        }

        if (rest.Length < MessageBody.WireLength)
        {
            return false;
        }

        (esmClass, protocolId) = (rest[0], rest[1]);
        rest = rest[MessageBody.WireLength..];
        return true;
    }

    private static bool AreWhole(ReadOnlySpan<byte> tlvs)
    {
        while (!tlvs.IsEmpty)
        {
            if (tlvs.Length < 4 || BinaryPrimitives.ReadUInt16BigEndian(tlvs[2..]) is var length && length > tlvs.Length - 4)
            {
                return false;
            }

            tlvs = tlvs[(4 + length)..];
        }

        return true;
    }
}

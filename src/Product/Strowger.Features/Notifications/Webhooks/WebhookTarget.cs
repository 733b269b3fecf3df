using System.Buffers.Binary;
using System.Text;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>Where an address comes from.</summary>
internal enum TargetKind : byte
{
    /// <summary>Of <c>/v1/webhooks</c>: its present URL and secret count.</summary>
    Webhook = 0,

    /// <summary>A message's <c>callback_url</c>.</summary>
    Callback = 1,

    /// <summary>A channel's <c>InboundUrl</c>: the present one counts.</summary>
    Channel = 2,

    /// <summary>A Kannel program's <c>dlr-url</c>, its escapes filled in: fetched by GET.</summary>
    Report = 3,
}

/// <summary>
/// Where a post goes and what it is about, kept in its job's headers:
/// <code>"WH" u8 version   u8 kind   i64 source event   i64 created ms   then each with u16 length: name, url, event id, type, subject</code>
/// </summary>
/// <param name="Source">Position of the event it tells of; 0 for replays and tests.</param>
/// <param name="CreatedMs">Unix milliseconds; it is posted for a day from then on.</param>
/// <param name="Name">The webhook's id, the channel's name, or the account of a callback's text: whose secret signs.</param>
/// <param name="EventId">What the receiver sees as <c>webhook-id</c>: the same at each attempt and replay.</param>
internal sealed record WebhookTarget(
    TargetKind Kind, long Source, long CreatedMs, string Name, string Url, string EventId, string Type, string Subject)
{
    private const byte Version = 1;
    private const int Fixed = 20;

    public static bool IsOne(ReadOnlySpan<byte> headers) => headers is [(byte)'W', (byte)'H', Version, ..] && headers.Length > Fixed;

    /// <summary>The source event alone.</summary>
    public static long SourceOf(ReadOnlySpan<byte> headers) => BinaryPrimitives.ReadInt64LittleEndian(headers[4..]);

    /// <summary>Writes into at least <see cref="Strowger.Engine.EngineLimits.MaxHeaderBytes"/> octets; returns how many.</summary>
    public int Write(Span<byte> to)
    {
        "WH"u8.CopyTo(to);
        to[2] = Version;
        to[3] = (byte)Kind;
        BinaryPrimitives.WriteInt64LittleEndian(to[4..], Source);
        BinaryPrimitives.WriteInt64LittleEndian(to[12..], CreatedMs);
        var at = Fixed;
        foreach (var text in (ReadOnlySpan<string>)[Name, Url, EventId, Type, Subject])
        {
            var length = Encoding.UTF8.GetBytes(text, to[(at + 2)..]);
            BinaryPrimitives.WriteUInt16LittleEndian(to[at..], (ushort)length);
            at += 2 + length;
        }

        return at;
    }

    public static WebhookTarget? Parse(ReadOnlySpan<byte> from)
    {
        if (!IsOne(from))
        {
            return null;
        }

        var at = Fixed;
        return Take(from, ref at) is { } name && Take(from, ref at) is { } url && Take(from, ref at) is { } eventId
            && Take(from, ref at) is { } type && Take(from, ref at) is { } subject
            ? new WebhookTarget((TargetKind)from[3], SourceOf(from), BinaryPrimitives.ReadInt64LittleEndian(from[12..]), name, url, eventId, type, subject)
            : null;
    }

    private static string? Take(ReadOnlySpan<byte> from, ref int at)
    {
        if (from.Length < at + 2 || from.Length < at + 2 + BinaryPrimitives.ReadUInt16LittleEndian(from[at..]))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(from[at..]);
        var text = Encoding.UTF8.GetString(from.Slice(at + 2, length));
        at += 2 + length;
        return text;
    }
}

using System.Buffers.Binary;
using System.Globalization;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Inbound;

namespace Strowger.Server.Erasure;

/// <summary>
/// Takes one number out of the history: texts to and from it become blanks, those to it to <see cref="Erased"/>, other jobs that name it become blank,
/// and so do results, receipts and texts received. What is still to be done stays, and is counted.
/// </summary>
internal sealed class NumberRewrite(JobEngine engine, NumberForms forms)
{
    /// <summary>Stands where an erased number stood: no subscriber has it.</summary>
    public const ulong Erased = 1_000_000;

    /// <summary>Of a message's body (docs/formats/message-body.md): the receiver.</summary>
    private const int ReceiverAt = 7;
    private const int SenderLengthAt = 6;
    private const int SenderAt = 15;

    private readonly NumberMentions _mentions = new(forms);
    private long _firstWaiting = long.MaxValue;

    /// <summary>Jobs that name it and are not over: they keep it until they are.</summary>
    public long StillWaiting { get; private set; }

    /// <summary>Counts anew what waits.</summary>
    /// <returns>The record of the first that waited; <see cref="long.MaxValue"/> when none did.</returns>
    public long BeginAgain()
    {
        var first = _firstWaiting;
        (_firstWaiting, StillWaiting) = (long.MaxValue, 0);
        return first;
    }

    /// <summary>Whether a job names the number.</summary>
    public bool Names(in EngineEvent accepted) => _mentions.Names(accepted);

    /// <summary>Of what stands beside a body: addresses of posts and names that callers gave. The mark of a text has no number in it.</summary>
    public bool RewriteHeaders(in EngineEvent item, Span<byte> headers) => !MessageMark.IsOfMessage(headers) && IsOver(engine, item) && forms.TryZero(headers);

    public bool Rewrite(in EngineEvent item, Span<byte> data)
    {
        if (item.Kind != EntryKind.Accepted)
        {
            return RewriteEntry(item, data);
        }

        if (!Names(item))
        {
            return false;
        }

        if (!IsOver(engine, item))
        {
            StillWaiting++;
            _firstWaiting = Math.Min(_firstWaiting, item.Record);
            return false;
        }

        if (MessageMark.IsOfMessage(item.Headers) && MessageBodyReader.TryRead(data, out var message, out _))
        {
            BlankText(data, message);
        }
        else
        {
            data.Fill((byte)' ');
        }

        return true;
    }

    private void BlankText(Span<byte> data, in MessageBodyReader message)
    {
        if (_mentions.IsFrom(message.From))
        {
            // A number of the same length that nobody has.
            data.Slice(SenderAt, data[SenderLengthAt] & 0xF).Fill((byte)'1');
        }

        var filling = message.IsData ? (byte)0 : (byte)' ';
        Fill(data, message.Content, filling);
        Fill(data, message.Reference, (byte)' ');
        Fill(data, message.CallbackUrl, (byte)' ');
        foreach (var tlv in new Smpp.Tlvs(message.Tlvs))
        {
            // Their tags and lengths stay: a body is read as a whole or not at all.
            Fill(data, tlv.Value, 0);
        }

        if (message.To == forms.Number)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data[ReceiverAt..], Erased);
        }
    }

    /// <summary>The part is a piece of the data: it is overwritten where it lies.</summary>
    private static void Fill(Span<byte> data, ReadOnlySpan<byte> part, byte filling)
    {
        if (!part.IsEmpty && data.Overlaps(part, out var at))
        {
            data.Slice(at, part.Length).Fill(filling);
        }
    }

    private bool RewriteEntry(in EngineEvent item, Span<byte> data)
    {
        if (item.Kind == EntryKind.Event && item.Code == MessagingEvents.Inbound && InboundText.Parse(data) is { } text)
        {
            return RewriteReceived(text, data);
        }

        var changed = false;
        Span<byte> binary = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(binary, forms.Number.Value);
        for (int at; (at = data.IndexOf(binary)) >= 0; changed = true)
        {
            data.Slice(at, binary.Length).Clear();
        }

        return forms.TryZero(data) || changed;
    }

    private bool RewriteReceived(InboundText text, Span<byte> data)
    {
        var isFrom = forms.IsNumber(text.From);
        var isTo = forms.IsNumber(text.To);
        if (!isFrom && !isTo)
        {
            return false;
        }

        var erased = Erased.ToString(CultureInfo.InvariantCulture);
        var blank = text with { From = isFrom ? erased : text.From, To = isTo ? erased : text.To, Text = text.Text is null ? null : "", DataHex = text.DataHex is null ? null : "", Tlvs = null };
        var bytes = blank.ToBytes();
        if (bytes.Length > data.Length)
        {
            data.Fill((byte)' ');
            return true;
        }

        // White space after a JSON value means nothing.
        bytes.CopyTo(data);
        data[bytes.Length..].Fill((byte)' ');
        return true;
    }

    /// <summary>Whether nothing is left to be done of a job, in any of its parts.</summary>
    public static bool IsOver(JobEngine engine, in EngineEvent accepted)
    {
        for (var part = 0; part < accepted.Parts; part++)
        {
            if (engine.Find(new JobId(accepted.Job.Value + part)).State is not JobState.None and < JobState.Done)
            {
                return false;
            }
        }

        return true;
    }
}

using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging.Inbound;
using Strowger.Features.Messaging.Receipts;
using Strowger.Features.Messaging.Sending;
using Strowger.Smpp;
using Strowger.Smpp.Receipts;
using Strowger.Smpp.Text;

namespace Strowger.Features.Messaging.Channels;

/// <summary>One bind's side of the channel: turns answers, receipts and incoming texts into outcomes and events, a batch at a time.</summary>
internal sealed class SmppBind(SmppChannel channel, int number) : SmppClientHandler
{
    /// <summary>esm_class: a user data header is there (SMPP 3.4, 5.2.12).</summary>
    private const byte Udhi = 0x40;

    private readonly CompletionBatch _outcomes = new();
    private readonly List<(ulong Key, JobId Job, ulong Destination)> _handedOver = [];
    private readonly List<(JobId Job, ulong Destination, long SentAt)> _unsure = [];
    private readonly List<(ParkedReceipt Receipt, byte[] OtherId)> _receipts = [];
    private readonly byte[] _data = new byte[HandOverData.MaxBytes];
    private EventBatch _events = new();
    private List<DeliverHandle> _toAnswer = [];
    private List<ulong> _texts = [];
    private string? _reason;
    private int _splitTexts;
    private long _taken;

    public required SmppClient Client { get; set; }

    public BindInfo Info => new(
        number, StateWord(Client.State), _reason ?? Client.LastError, Client.ConnectedSince, Client.Outstanding, Client.Window, Client.Binds)
    {
        Taken = Volatile.Read(ref _taken),
        Tls = Client.TlsVersion,
    };

    public override void OnSubmitResponse(long tag, uint status, ReadOnlySpan<byte> messageId, ReadOnlySpan<byte> tlvs, bool late)
    {
        var part = channel.InFlight.Take(tag);
        if (part.Id.IsNone)
        {
            return;
        }

        if (!tlvs.IsEmpty && new Tlvs(tlvs).TryGetCongestionState(out var congestion))
        {
            channel.ObserveCongestion(congestion);
        }

        var isOk = CommandStatus.Classify(status) == CommandStatusClass.Ok;
        Volatile.Write(ref _taken, _taken + (isOk ? 1 : 0));
        var data = new HandOverData { Bind = (byte)number, Destination = part.Destination, Id = messageId };
        var written = _data.AsSpan(0, isOk ? data.Write(_data) : 0);
        if (part.IsLate)
        {
            channel.Engine.Settle(part.Id, SubmitOutcome.Of(status), written);
        }
        else
        {
            channel.ObserveRoundTrip(part.SentAt);
            _outcomes.Add(part.Id, part.Token, SubmitOutcome.Of(status), written);
        }

        if (isOk && !messageId.IsEmpty)
        {
            _handedOver.Add((channel.Receipts.Matcher.KeyOf(messageId), part.Id, part.Destination));
        }
    }

    public override void OnUnanswered(long tag, UnansweredReason reason)
    {
        var part = reason == UnansweredReason.Timeout ? channel.InFlight.KeepForLate(tag) : channel.InFlight.Take(tag);
        if (part.Id.IsNone || part.IsLate && reason != UnansweredReason.Timeout)
        {
            return;
        }

        if (reason == UnansweredReason.NotWritten)
        {
            _outcomes.Add(part.Id, part.Token, Outcome.Unreachable(MessagingCodes.NotWritten));
            return;
        }

        var code = reason == UnansweredReason.Timeout ? MessagingCodes.NoAnswer : MessagingCodes.ConnectionLost;
        _outcomes.Add(part.Id, part.Token, Outcome.Unsure(code));
        _unsure.Add((part.Id, part.Destination, part.SentAt));
    }

    public override void OnDeliver(in DeliverSm pdu, DeliverHandle handle)
    {
        var tlvs = pdu.Tlvs;
        tlvs.TryGetReceiptedMessageId(out var tlvId);
        tlvs.TryGet(TlvTag.NetworkErrorCode, out var networkError);
        byte? state = tlvs.TryGetMessageState(out var value) ? value : null;
        if (DeliveryReceipt.TryParse(pdu.EsmClass, pdu.UserData, tlvId, state, networkError, out var receipt))
        {
            OnReceipt(receipt, ReceiptNumbers.Of(pdu.Source, pdu.Destination), tlvs, handle);
        }
        else
        {
            OnText(pdu.Source, pdu.Destination, pdu.UserData, pdu.DataCoding, (pdu.EsmClass & Udhi) != 0, tlvs, handle);
        }
    }

    public override void OnData(in DataSm pdu, DeliverHandle handle)
    {
        var tlvs = pdu.Tlvs;
        tlvs.TryGetReceiptedMessageId(out var tlvId);
        tlvs.TryGet(TlvTag.NetworkErrorCode, out var networkError);
        tlvs.TryGet(TlvTag.MessagePayload, out var payload);
        byte? state = tlvs.TryGetMessageState(out var value) ? value : null;
        if (DeliveryReceipt.TryParse(pdu.EsmClass, payload, tlvId, state, networkError, out var receipt))
        {
            OnReceipt(receipt, ReceiptNumbers.Of(pdu.Source, pdu.Destination), tlvs, handle);
        }
        else
        {
            OnText(pdu.Source, pdu.Destination, payload, pdu.DataCoding, (pdu.EsmClass & Udhi) != 0, tlvs, handle);
        }
    }

    public override void OnBatchEnd()
    {
        if (_outcomes.Count > 0)
        {
            channel.Stage.Complete(_outcomes);
            _outcomes.Clear();
        }

        // In this order: a receipt, also on another bind, finds its part only when the log says that the carrier has it.
        foreach (var (key, job, destination) in _handedOver)
        {
            foreach (var early in channel.Receipts.Matcher.Remember(key, job, destination))
            {
                channel.Receipts.Write(_events, job, MessagingEvents.Receipt, early);
            }
        }

        if (_unsure.Count > 0)
        {
            foreach (var (job, destination, _) in _unsure)
            {
                channel.Receipts.Unsure.Add(destination, job);
            }

            channel.Receipts.SettleByParked(_events, _unsure);
        }

        foreach (var (receipt, otherId) in _receipts)
        {
            channel.Receipts.Take(_events, receipt, otherId);
        }

        _handedOver.Clear();
        _unsure.Clear();
        _receipts.Clear();
        if (_toAnswer.Count > 0 || _events.Count > 0)
        {
            var (events, handles) = (_events, _toAnswer);
            (_events, _toAnswer) = (new EventBatch(), []);
            IReadOnlyList<ulong> texts = [];
            if (_texts.Count > 0)
            {
                (texts, _texts) = (_texts, []);
            }

            _ = channel.RecordAsync(events, handles, number, texts);
        }
    }

    public override void OnWritable() => channel.Stage.Wake();

    public override void OnStateChanged(BindState state, string? reason, uint status)
    {
        _reason = reason;
        if (state != BindState.Bound)
        {
            channel.Redelivered.End(number);
        }

        channel.OnBindChanged();
    }

    /// <summary>Kept until the batch's answers are in the log.</summary>
    private void OnReceipt(in DeliveryReceipt receipt, in ReceiptNumbers numbers, Tlvs tlvs, DeliverHandle handle)
    {
        _toAnswer.Add(handle);
        _receipts.Add((new ParkedReceipt(receipt.State, receipt.MessageId.ToArray(), receipt.Error.ToArray(), numbers) { Tlvs = KeptTlvs.Of(tlvs) }, receipt.OtherMessageId.ToArray()));
    }

    private void OnText(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, ReadOnlySpan<byte> userData, byte dataCoding, bool udhi, Tlvs tlvs, DeliverHandle handle)
    {
        if (channel.Engine.IsStorageFull)
        {
            // What the disk still holds back is for outcomes and receipts; the carrier keeps the text and tries again.
            handle.Answer(CommandStatus.TemporaryAppError);
            return;
        }

        // Addresses hold no NUL.
        var identity = IdempotencyKey.ContentOf([.. from, 0, .. to, 0, dataCoding, udhi ? (byte)1 : (byte)0, .. userData]);
        if (channel.Redelivered.TryTake(identity))
        {
            handle.Answer(CommandStatus.Ok);
            return;
        }

        _toAnswer.Add(handle);
        _texts.Add(identity);
        var decoded = MessageDecoder.Decode(userData, dataCoding, udhi, DecodeOptions.Default);
        var (reference, parts, part) = PartOf(decoded.Header, tlvs);
        var kept = KeptTlvs.Of(tlvs);
        var text = new InboundText(
            channel.Name,
            Encoding.Latin1.GetString(from),
            Encoding.Latin1.GetString(to),
            decoded.Text,
            decoded.Text is null ? Convert.ToHexStringLower(parts > 1 ? userData[decoded.Header.Length..] : userData) : null,
            dataCoding,
            parts,
            part,
            reference)
        {
            Tlvs = kept.Length == 0 ? null : Convert.ToHexStringLower(kept),
        };
        if (!InboundPieces.IsTooLong(text))
        {
            _events.Add(default, MessagingEvents.Inbound, text.ToBytes());
            return;
        }

        foreach (var piece in InboundPieces.Split(text, _splitTexts++))
        {
            _events.Add(default, MessagingEvents.Inbound, piece.ToBytes());
        }
    }

    /// <summary>Which part of a concatenated text: by the user data header, else by the sar_ parameters (SMPP 3.4, 5.3.2.22 to 24).</summary>
    private static (int Reference, int Parts, int Part) PartOf(in Udh header, Tlvs tlvs)
    {
        if (header.IsPart)
        {
            return (header.Reference, header.Parts, header.Part);
        }

        return tlvs.TryGetUInt16(TlvTag.SarMessageReference, out var reference)
            && tlvs.TryGetByte(TlvTag.SarTotalSegments, out var parts) && parts > 1
            && tlvs.TryGetByte(TlvTag.SarSegmentNumber, out var part) && part > 0 && part <= parts
            ? (reference, parts, part)
            : (0, 1, 1);
    }

    private static string StateWord(BindState state) => state switch
    {
        BindState.Bound => "bound",
        BindState.Connecting => "connecting",
        BindState.Binding => "binding",
        BindState.BackingOff => "waiting",
        BindState.Refused => "refused",
        BindState.Unbinding => "unbinding",
        _ => "stopped",
    };
}

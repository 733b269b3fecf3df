using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Receipts;
using Strowger.Records.Messages;

namespace Strowger.Features.Messaging.Statuses;

/// <summary>A message by its id, from the engine and the journal: true the moment it happens, no read model needed.</summary>
public sealed class MessageReader(JobEngine engine)
{
    /// <summary>Events shown of one message; a text resent a thousand times is a fault to be read elsewhere.</summary>
    private const int MaxTimeline = 1000;

    /// <summary>Null when the id is not a message's, or its history is past its retention.</summary>
    public MessageView? Read(MessageId id)
    {
        var first = engine.Find(id.Job);
        if (first.State == JobState.None || first.Part != 0)
        {
            return null;
        }

        var story = new Story(engine);
        for (var part = 0; part < first.Parts; part++)
        {
            story.Add(new JobId(id.Job.Value + part), part);
        }

        return story.ToView(id, first.Parts);
    }

    /// <summary>Each part of a message as it is now.</summary>
    internal PartFold[] FoldsOf(JobId parent)
    {
        var folds = new PartFold[Math.Max((byte)1, engine.Find(parent).Parts)];
        for (var part = 0; part < folds.Length; part++)
        {
            folds[part] = FoldOf(new JobId(parent.Value + part));
        }

        return folds;
    }

    /// <summary>Status of a message of several parts once all of them are over; 0 before.</summary>
    public MessageStatus FinalStatusOf(JobId parent, int parts)
    {
        var worst = (MessageStatus)0;
        for (var part = 0; part < parts; part++)
        {
            var status = FoldOf(new JobId(parent.Value + part)).Status;
            if (!PartStatus.IsFinal(status))
            {
                return 0;
            }

            worst = PartStatus.Worse(worst, status);
        }

        return worst;
    }

    /// <summary>What its events say once it is over; before that, where the job is.</summary>
    private PartFold FoldOf(JobId id)
    {
        var info = engine.Find(id);
        if (!info.State.IsOver())
        {
            return PartFold.At(PartStatus.Of(info.State));
        }

        var fold = default(PartFold);
        JobHistory.Read(engine, id, (in EngineEvent item) => fold.Take(item));
        return fold.Status == 0 ? PartFold.At(PartStatus.Of(info.State)) : fold;
    }

    /// <summary>Gathers the events of all parts.</summary>
    private sealed class Story(JobEngine engine)
    {
        private readonly List<(EventPosition Position, TimelineEvent Event)> _events = [];
        private MessageStatus _status;
        private PartFold _fold;
        private long _acceptedMs;
        private long _sentMs;
        private long _finalMs;
        private long _dueMs;
        private long _expiresMs;
        private string? _channel;
        private MessageError? _error;
        private byte[] _body = [];
        private int _part;

        public void Add(JobId id, int part)
        {
            _part = part;
            _fold = default;
            var state = engine.Find(id).State;
            JobHistory.Read(engine, id, Take);
            _status = PartStatus.Worse(_status, state.IsOver() && _fold.Status != 0 ? _fold.Status : PartStatus.Of(state));
        }

        public MessageView? ToView(MessageId id, int parts)
        {
            if (!MessageBodyReader.TryRead(_body, out var message, out _))
            {
                return null;
            }

            // Many may have the same time; then the order of the log counts. The position alone would not do: an acceptance is moved when its old place goes.
            _events.Sort((a, b) => (a.Event.Time, a.Position).CompareTo((b.Event.Time, b.Position)));
            var isFinal = PartStatus.IsFinal(_status);
            var octets = OctetText.Of(message);
            return new MessageView(
                id,
                _status,
                message.To.ToString(),
                message.From.ToString(),
                message.IsData ? null : Encoding.UTF8.GetString(message.Content),
                message.IsData ? Convert.ToHexStringLower(message.Content) : null,
                PriorityWord(message.Priority),
                _channel,
                message.InPayload ? message.Plan.Parts : parts,
                EncodingWord(message.Plan.Encoding),
                message.Campaign.IsEmpty ? null : Encoding.UTF8.GetString(message.Campaign),
                message.Reference.IsEmpty ? null : Encoding.UTF8.GetString(message.Reference),
                At(_acceptedMs),
                message.GeneratedAtMs is { } made ? At(made) : null,
                _dueMs > 0 ? At(_dueMs) : null,
                _expiresMs > 0 ? At(_expiresMs) : null,
                _sentMs > 0 ? At(_sentMs) : null,
                isFinal && _finalMs > 0 ? At(_finalMs) : null,
                _status is MessageStatus.Failed or MessageStatus.Undelivered or MessageStatus.Unknown ? _error : null,
                new Lateness(
                    message.GeneratedAtMs is { } generated ? Math.Max(0, _acceptedMs - generated) : null,
                    _sentMs > 0 ? _sentMs - Math.Max(_acceptedMs, _dueMs) : null,
                    _status == MessageStatus.Delivered && _sentMs > 0 ? _finalMs - _sentMs : null),
                [.. _events.Select(e => e.Event)])
            {
                Reads = octets.Reads,
                SenderPart = (octets.Part, octets.Parts),
                RequestedChannel = message.Channel.IsEmpty ? null : Encoding.UTF8.GetString(message.Channel),
                CallbackUrl = message.CallbackUrl.IsEmpty ? null : Encoding.UTF8.GetString(message.CallbackUrl),
                Account = message.Account.IsEmpty ? null : Encoding.UTF8.GetString(message.Account),
                Tlvs = KeptTlvs.Shown(message.Tlvs),
                WaitsFor = WaitOf(id, parts),
            };
        }

        /// <summary>Of the first part that waits.</summary>
        private MessageWait? WaitOf(MessageId id, int parts)
        {
            MessageWait? wait = null;
            for (var part = 0; part < parts && wait is null && !PartStatus.IsFinal(_status); part++)
            {
                wait = MessageWait.Of(engine, new JobId(id.Job.Value + part));
            }

            return wait;
        }

        private void Take(in EngineEvent item)
        {
            var status = PartStatus.Of(item);
            _fold.Take(item);
            _finalMs = PartStatus.IsFinal(status) ? Math.Max(_finalMs, item.TimeMs) : _finalMs;
            var channel = item.Stage > 0 ? engine.StageName(item.Stage) : null;
            string? detail = null;
            string? carrierId = null;
            switch (item.Kind)
            {
                case EntryKind.Accepted:
                    TakeAcceptance(item);
                    if (_part > 0)
                    {
                        return;
                    }

                    break;
                case EntryKind.Done:
                    _sentMs = Math.Max(_sentMs, item.TimeMs);
                    _channel ??= channel;
                    carrierId = HandOverData.TryRead(item.Data, out var handed) ? Encoding.Latin1.GetString(handed.Id) : null;
                    break;
                case EntryKind.Event when item.Code == MessagingEvents.Receipt && ReceiptData.TryRead(item.Data, out var receipt):
                    channel = Encoding.UTF8.GetString(receipt.Channel);
                    carrierId = Encoding.Latin1.GetString(receipt.Id);
                    detail = receipt.State.ToString().ToUpperInvariant() + (receipt.Error.IsEmpty ? "" : " err:" + Encoding.Latin1.GetString(receipt.Error));
                    if (status is MessageStatus.Undelivered or MessageStatus.Unknown)
                    {
                        _error ??= new MessageError(0, "receipt_" + receipt.State.ToString().ToLowerInvariant(), "The carrier reports " + detail + ".");
                    }

                    detail += string.Concat(KeptTlvs.Shown(receipt.Tlvs).Select(tlv => $" {tlv.Key}:{tlv.Value}"));

                    break;
                default:
                    if (item.Code != 0)
                    {
                        var reason = Reasons.Of(item);
                        detail = reason.Name + ": " + reason.Detail;
                        _error ??= reason;
                    }

                    break;
            }

            if (_events.Count < MaxTimeline)
            {
                _events.Add((item.Position, new TimelineEvent(At(item.TimeMs), EventWords.Of(item), _part + 1, channel, detail, carrierId)));
            }
        }

        private void TakeAcceptance(in EngineEvent item)
        {
            _acceptedMs = item.TimeMs;
            _dueMs = item.DueMs;
            _expiresMs = item.ExpiresMs;
            if (_body.Length == 0 && MessageMark.IsOfMessage(item.Headers))
            {
                _body = item.Data.ToArray();
            }
        }

        private static DateTimeOffset At(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
    }

    private static string PriorityWord(MessagePriority priority) => priority.ToString().ToLowerInvariant();

    /// <summary>The encoding's name in the API.</summary>
    public static string EncodingWord(Strowger.Smpp.Text.TextEncoding encoding) => encoding switch
    {
        Strowger.Smpp.Text.TextEncoding.Gsm7 => "gsm7",
        Strowger.Smpp.Text.TextEncoding.Latin1 => "latin1",
        Strowger.Smpp.Text.TextEncoding.Ucs2 => "ucs2",
        _ => "binary",
    };
}

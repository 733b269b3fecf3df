using Strowger.Engine;
using Strowger.Features.Messaging.Statuses;
using Strowger.Records.Messages;

namespace Strowger.Features.Messaging.Projections;

/// <summary>The lists: one row a message, folded from its events.</summary>
public sealed class MessageProjection(JobEngine engine, MessageStore store) : Projection
{
    /// <summary>Senders, campaigns and references repeat: their strings are kept, up to this many.</summary>
    private const int MaxNames = 10_000;

    private readonly List<MessageRow> _rows = [];
    private readonly RecentParts _parts = new(new MessageReader(engine));
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _channels = [];
    private byte[] _buffer = new byte[4096];

    public override string Name => "messages";

    /// <summary>Rows that no list knows; they are in the journal and found by id.</summary>
    public long Missing => store.Missing;

    public override long LoadCursor()
    {
        _rows.Clear();
        _parts.Clear();
        return store.Cursor;
    }

    public override void Apply(in EngineEvent item)
    {
        if (item.Kind == EntryKind.Accepted)
        {
            Accept(item);
            return;
        }

        var status = PartStatus.Of(item);
        if (item.Job.IsNone || (status == 0 && item.Kind != EntryKind.Unsure) || !IsOfMessage(item))
        {
            return;
        }

        // Of several parts the worst counts; of one that was sent again, a receipt that came before this answer.
        if (item.Parts != 1 || (item.Kind == EntryKind.Done && item.Attempt > 1))
        {
            status = _parts.After(item);
        }

        _rows.Add(new MessageRow
        {
            Id = item.Parent.Value,
            Status = status,
            Channel = item.Kind == EntryKind.Done ? ChannelOf(item.Stage) : null,
            UpdatedMs = item.TimeMs,
            SentMs = item.Kind == EntryKind.Done ? item.TimeMs : 0,
            FinalMs = PartStatus.IsFinal(status) ? item.TimeMs : -1,
            Error = item.Kind == EntryKind.Dead ? item.Code : status is MessageStatus.Failed or MessageStatus.Unknown ? 0 : -1,
        });
    }

    public override void Commit(long cursor)
    {
        store.Apply(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows), cursor);
        _rows.Clear();
    }

    /// <summary>Of a channel; what never was in a channel's hands is a message when nothing stands beside its body.</summary>
    private bool IsOfMessage(in EngineEvent item)
    {
        if (item.Stage > 0)
        {
            return OtherStages.IsChannel(ChannelOf(item.Stage));
        }

        return item.Kind is not (EntryKind.Cancelled or EntryKind.Expired)
            || !JobHistory.TryReadAcceptance(engine, item.Previous, ref _buffer, out var accepted)
            || MessageMark.IsOfMessage(accepted.Headers);
    }

    private void Accept(in EngineEvent item)
    {
        if (!MessageMark.IsOfMessage(item.Headers) || !MessageBodyReader.TryRead(item.Data, out var message, out _))
        {
            return;
        }

        _parts.Accept(item);
        Span<byte> from = stackalloc byte[Sender.MaxLength + 1];
        var length = message.From.CopyTo(from);
        _rows.Add(new MessageRow
        {
            Id = item.Job.Value,
            Created = true,
            Status = item.DueMs > item.TimeMs ? MessageStatus.Scheduled : MessageStatus.Queued,
            Parts = message.InPayload ? (byte)message.Plan.Parts : item.Parts,
            To = message.To.Value,
            From = NameOf(from[..length]),
            Channel = message.Channel.IsEmpty ? null : NameOf(message.Channel),
            Campaign = message.Campaign.IsEmpty ? null : NameOf(message.Campaign),
            Reference = message.Reference.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(message.Reference),
            AcceptedMs = item.TimeMs,
            UpdatedMs = item.TimeMs,
        });
    }

    private string ChannelOf(int stage)
    {
        if (!_channels.TryGetValue(stage, out var name))
        {
            name = engine.StageName(stage);
            _channels.Add(stage, name);
        }

        return name;
    }

    private string NameOf(ReadOnlySpan<byte> utf8)
    {
        Span<char> chars = stackalloc char[utf8.Length];
        chars = chars[..System.Text.Encoding.UTF8.GetChars(utf8, chars)];
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(chars, out var known))
        {
            return known;
        }

        var name = chars.ToString();
        if (_names.Count < MaxNames)
        {
            _names.Add(name);
        }

        return name;
    }
}

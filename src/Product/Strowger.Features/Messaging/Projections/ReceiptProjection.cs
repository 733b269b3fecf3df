using Strowger.Engine;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.Receipts;
using Strowger.Records.Receipts;
using Strowger.Smpp.Receipts;

namespace Strowger.Features.Messaging.Projections;

/// <summary>The carriers' ids on disk, by day, for receipts that come after a restart or days later.</summary>
public sealed class ReceiptProjection(JobEngine engine, ReceiptIndexStore store) : Projection
{
    private const long MinuteMs = 60_000;

    private readonly List<ReceiptEntry> _entries = [];
    private readonly Dictionary<int, ulong?> _salts = [];

    public override string Name => "receipts";

    public override long LoadCursor()
    {
        _entries.Clear();
        return store.Cursor;
    }

    public override void Apply(in EngineEvent item)
    {
        if (item.Kind != EntryKind.Done || !HandOverData.TryRead(item.Data, out var handed) || handed.Id.IsEmpty)
        {
            return;
        }

        if (!_salts.TryGetValue(item.Stage, out var salt))
        {
            // No channel's name has a colon: such a stage's jobs are no texts, whatever its data looks like.
            var stage = engine.StageName(item.Stage);
            salt = stage.Contains(':', StringComparison.Ordinal) ? null : ReceiptMatcher.KeySalt(stage);
            _salts.Add(item.Stage, salt);
        }

        if (salt is not { } known)
        {
            return;
        }

        _entries.Add(new ReceiptEntry(MessageIdForms.Key(handed.Id) ^ known, item.Job.Value, handed.Destination, (int)(item.TimeMs / MinuteMs)));
    }

    public override void Commit(long cursor)
    {
        store.Append(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries), cursor);
        _entries.Clear();
    }
}

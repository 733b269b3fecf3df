using Strowger.Engine;
using Strowger.Records.Webhooks;

namespace Strowger.Features.Notifications.Webhooks;

/// <summary>The delivery log: one row for each event and address, folded from its job's events.</summary>
internal sealed class DeliveryProjection(JobEngine engine, DeliveryStore store) : Projection
{
    private readonly Dictionary<long, DeliveryRow> _added = [];
    private readonly Dictionary<long, DeliveryRow> _changed = [];
    private readonly Dictionary<int, bool> _isOurs = [];

    public override string Name => "webhook-deliveries";

    /// <summary>Most posts are queued and taken within it: one row written instead of two.</summary>
    public override TimeSpan Rest => TimeSpan.FromMilliseconds(200);

    public override long LoadCursor()
    {
        _added.Clear();
        _changed.Clear();
        return store.Cursor;
    }

    public override void Apply(in EngineEvent item)
    {
        if (item.Kind == EntryKind.Accepted)
        {
            Accept(item);
        }
        else if (item.Stage > 0 && IsOurs(item.Stage) && StateOf(item.Kind) is { } state)
        {
            var isNew = _added.TryGetValue(item.Job.Value, out var row);
            row = (row ?? Unknown(item.Job.Value)) with
            {
                State = state,
                Attempts = item.Attempt,
                Code = item.Kind == EntryKind.Done ? 0 : item.Code,
                LastMs = item.TimeMs,
                NextMs = item.DueMs,
            };
            (isNew ? _added : _changed)[item.Job.Value] = row;
        }
    }

    public override void Commit(long cursor)
    {
        store.Apply(_added.Values, _changed.Values, cursor);
        _added.Clear();
        _changed.Clear();
    }

    private void Accept(in EngineEvent item)
    {
        if (WebhookTarget.Parse(item.Headers) is not { } target)
        {
            return;
        }

        _added[item.Job.Value] = new DeliveryRow(
            item.Job.Value,
            target.Kind == TargetKind.Webhook ? target.Name : string.Empty,
            Uri.TryCreate(target.Url, UriKind.Absolute, out var url) ? WebhookSet.HostOf(url) : string.Empty,
            target.Type,
            target.Subject,
            target.EventId,
            DeliveryState.Queued,
            0,
            0,
            item.TimeMs,
            0,
            0);
    }

    private bool IsOurs(int stage)
    {
        if (!_isOurs.TryGetValue(stage, out var ours))
        {
            _isOurs[stage] = ours = engine.StageName(stage) == WebhookParts.StageName;
        }

        return ours;
    }

    private static DeliveryState? StateOf(EntryKind kind) => kind switch
    {
        EntryKind.Done => DeliveryState.Delivered,
        EntryKind.Dead => DeliveryState.Failed,
        EntryKind.Retry => DeliveryState.Retrying,
        _ => null,
    };

    private static DeliveryRow Unknown(long id) => new(id, "", "", "", "", "", DeliveryState.Queued, 0, 0, 0, 0, 0);
}

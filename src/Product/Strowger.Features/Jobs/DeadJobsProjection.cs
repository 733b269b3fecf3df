using System.Text;
using Strowger.Engine;
using Strowger.Records.Jobs;

namespace Strowger.Features.Jobs;

/// <summary>The list of jobs given up, by queue.</summary>
public sealed class DeadJobsProjection(JobEngine engine, DeadJobStore store) : Projection
{
    /// <summary>Without a row the cursor is written only this often: so much is read again at a start, in well under a second.</summary>
    private const long WriteCursorEvery = 16L << 20;

    private readonly List<DeadJobRow> _rows = [];
    private readonly Dictionary<int, string?> _queues = [];

    public override string Name => "dead-jobs";

    public override long LoadCursor()
    {
        _rows.Clear();
        return store.Cursor;
    }

    public override void Apply(in EngineEvent item)
    {
        if (item.Kind == EntryKind.Dead && QueueOf(item.Stage) is { } queue)
        {
            _rows.Add(new DeadJobRow(queue, item.Job.Value, item.TimeMs, item.Attempt, item.Code, item.Data.IsEmpty ? null : Encoding.UTF8.GetString(item.Data)));
        }
    }

    public override void Commit(long cursor)
    {
        if (_rows.Count > 0 || cursor - store.Cursor > WriteCursorEvery)
        {
            store.Apply(_rows, cursor);
            _rows.Clear();
        }
    }

    private string? QueueOf(int stage)
    {
        if (!_queues.TryGetValue(stage, out var queue))
        {
            queue = QueueName.OfStage(engine.StageName(stage));
            _queues.Add(stage, queue);
        }

        return queue;
    }
}

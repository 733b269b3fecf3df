using System.Text;
using Strowger.Engine;
using Strowger.Records.Jobs;

namespace Strowger.Features.Jobs;

/// <summary>The list of jobs given up and not put back, by queue.</summary>
public sealed class DeadJobsProjection(JobEngine engine, DeadJobStore store) : Projection
{
    /// <summary>Without a row the cursor is written only this often: so much is read again at a start, in well under a second.</summary>
    private const long WriteCursorEvery = 16L << 20;

    private readonly List<DeadJobRow> _rows = [];
    private readonly List<(string Queue, long Id)> _gone = [];
    private readonly Dictionary<int, string?> _queues = [];

    public override string Name => "dead-jobs";

    public override long LoadCursor()
    {
        _rows.Clear();
        _gone.Clear();
        return store.Cursor;
    }

    public override void Apply(in EngineEvent item)
    {
        if (item.Kind == EntryKind.Dead && QueueOf(item.Stage) is { } queue)
        {
            _rows.Add(new DeadJobRow(queue, item.Job.Value, item.TimeMs, item.Attempt, item.Code, item.Data.IsEmpty ? null : Encoding.UTF8.GetString(item.Data)));
        }
        else if (RequeuedFact.TryRead(item, out var requeued, out _))
        {
            _gone.Add((requeued, item.Job.Value));
        }
    }

    public override void Commit(long cursor)
    {
        if (_rows.Count + _gone.Count > 0 || cursor - store.Cursor > WriteCursorEvery)
        {
            store.Apply(_rows, _gone, cursor);
            _rows.Clear();
            _gone.Clear();
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

using Strowger.Engine;

namespace Strowger.Features.Messaging.Receipts;

/// <summary>Which messages were accepted at least so long ago, by their ids: a walk over old ones need not look at those of the last hour.</summary>
internal sealed class AcceptedAges(JobEngine engine, TimeSpan age)
{
    private static readonly TimeSpan _noteEvery = TimeSpan.FromMinutes(1);

    /// <summary>One a minute over the age: 60 for an hour.</summary>
    private readonly Queue<(long At, long LastId)> _notes = new();
    private long _lastNote;

    /// <summary>Ids of this and above are younger. At first all there are: what is younger among them is told by its own times.</summary>
    public long Before { get; private set; } = engine.LastId.Value + 1;

    /// <summary>To be called now and then.</summary>
    public void Note()
    {
        var now = engine.Time.GetTimestamp();
        while (_notes.TryPeek(out var oldest) && engine.Time.GetElapsedTime(oldest.At, now) >= age)
        {
            Before = Math.Max(Before, oldest.LastId + 1);
            _notes.Dequeue();
        }

        if (_lastNote == 0 || engine.Time.GetElapsedTime(_lastNote, now) >= _noteEvery)
        {
            _lastNote = now;
            _notes.Enqueue((now, engine.LastId.Value));
        }
    }
}

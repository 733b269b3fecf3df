using Strowger.Engine.Events;
using Strowger.Engine.Journaling;

namespace Strowger.Engine;

/// <summary>
/// Reads the bodies of jobs in hand, with read-ahead: jobs of a flow lie side by side in the log. One thread at a time; a view
/// is valid until the next read.
/// </summary>
public sealed class JobBodies
{
    private readonly RecordReader _reader;

    public JobBodies(JobEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _reader = new RecordReader(engine.Journal);
    }

    /// <summary>False when the record is damaged or past its retention.</summary>
    public bool TryRead(long bodyPosition, out EngineEvent accepted)
    {
        accepted = default;
        return _reader.TryRead(bodyPosition, out var record) && EventDecoder.TryAcceptance(record, out accepted, moved: true);
    }
}

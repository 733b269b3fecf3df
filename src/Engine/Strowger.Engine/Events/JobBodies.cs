using Strowger.Engine.Events;

namespace Strowger.Engine;

/// <summary>Reads the bodies of jobs in hand. One thread at a time; a view is valid until the next read.</summary>
public sealed class JobBodies(JobEngine engine)
{
    private byte[] _buffer = new byte[4096];

    /// <summary>False when the record is damaged or past its retention.</summary>
    public bool TryRead(long bodyPosition, out EngineEvent accepted)
    {
        accepted = default;
        return engine.Journal.TryRead(bodyPosition, ref _buffer, out var record)
            && EventDecoder.TryAcceptance(record, out accepted, moved: true);
    }
}

namespace Strowger.Smpp;

/// <summary>
/// Writes what was sent outside a receive batch, soon and on a pool thread: many PDUs sent in a row leave together. During a batch
/// nothing is queued, for its end flushes.
/// </summary>
internal sealed class FlushQueue(PduOutput output, Lock gate) : IThreadPoolWorkItem
{
    private bool _inBatch;
    private bool _queued;

    public void BeginBatch()
    {
        lock (gate)
        {
            _inBatch = true;
        }
    }

    public void EndBatch()
    {
        lock (gate)
        {
            _inBatch = false;
        }
    }

    /// <summary>With the gate held.</summary>
    public void Request()
    {
        if (!_inBatch && !_queued)
        {
            _queued = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (gate)
        {
            _queued = false;
        }

        output.Flush();
    }
}

using System.Net.Sockets;

namespace Strowger.Smpp;

/// <summary>
/// The sending side of a connection: PDUs are encoded into one buffer while another is being written, so many leave in one system
/// call and a peer that does not read blocks nobody. Both buffers grow to a fixed bound and no further.
/// </summary>
internal sealed class PduOutput
{
    private const int FirstBytes = 4 * 1024;

    private readonly Socket _socket;
    private readonly TlsEnd? _tls;
    private readonly Lock _gate;
    private readonly int _maxBytes;
    private readonly TimeProvider _clock;
    private readonly Action<string> _failed;
    private readonly Action _drained;
    private byte[] _pending = new byte[FirstBytes];
    private byte[] _batch = new byte[FirstBytes];
    private int _pendingCount;
    private int _batchCount;
    private int _batchSent;
    private bool _sending;
    private bool _refused;
    private bool _closed;
    private long _blockedSince;
    private TaskCompletionSource? _idle;

    /// <param name="gate">The connection's lock; <see cref="TryReserve"/> and <see cref="Commit"/> are called with it held.</param>
    /// <param name="failed">Called without the lock when a write fails.</param>
    /// <param name="drained">Called on a pool thread when room is there again after a refusal.</param>
    public PduOutput(PduTransport transport, Lock gate, int maxBytes, TimeProvider clock, Action<string> failed, Action drained)
    {
        _socket = transport.Socket;
        _tls = transport.Tls;
        _gate = gate;
        _maxBytes = maxBytes;
        _clock = clock;
        _failed = failed;
        _drained = drained;
        _socket.Blocking = _tls is not null;
    }

    /// <summary>Octets ever committed: the stream position behind the last PDU.</summary>
    public long Position { get; private set; }

    /// <summary>Octets the kernel has taken.</summary>
    public long Written { get; private set; }

    public int Room => _maxBytes - _pendingCount;

    /// <summary>Timestamp since which the peer has not read what waits, or 0.</summary>
    public long BlockedSince => Volatile.Read(ref _blockedSince);

    /// <summary>Room for one PDU, leaving <paramref name="keepFree"/> octets for others. With the lock held.</summary>
    public bool TryReserve(int octets, int keepFree, out Span<byte> span)
    {
        if (_closed || octets + keepFree > _maxBytes - _pendingCount)
        {
            _refused = true;
            span = default;
            return false;
        }

        if (_pending.Length - _pendingCount < octets)
        {
            Array.Resize(ref _pending, Math.Min(_maxBytes, Math.Max(_pending.Length * 2, _pendingCount + octets)));
        }

        span = _pending.AsSpan(_pendingCount, octets);
        return true;
    }

    /// <summary>Adds the octets written into the last reservation. With the lock held.</summary>
    public void Commit(int octets)
    {
        _pendingCount += octets;
        Position += octets;
    }

    /// <summary>Writes what is committed, without waiting: a rest that the kernel does not take is written as it drains.</summary>
    public void Flush()
    {
        while (TakeBatch())
        {
            if (!SendNow())
            {
                return;
            }

            EndBatch();
        }
    }

    /// <summary>Completes when the batch under way is written or has failed; at once when there is none.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (!_sending)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>Takes nothing from now on. Returns whether a batch is being written. With the lock held.</summary>
    public bool Close()
    {
        _closed = true;
        return _sending;
    }

    private bool TakeBatch()
    {
        lock (_gate)
        {
            if (_sending || _closed || _pendingCount == 0)
            {
                return false;
            }

            (_pending, _batch) = (_batch, _pending);
            _batchCount = _pendingCount;
            _batchSent = 0;
            _pendingCount = 0;
            _sending = true;
            return true;
        }
    }

    private void EndBatch()
    {
        bool refused;
        TaskCompletionSource? idle;
        lock (_gate)
        {
            Written += _batchSent;
            _batchSent = 0;
            _sending = false;
            refused = _refused;
            _refused = false;
            idle = _idle;
            _idle = null;
        }

        idle?.SetResult();
        if (refused)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static drained => drained(), _drained, preferLocal: false);
        }
    }

    private bool SendNow()
    {
        if (_tls is not null)
        {
            return SendByTls(_tls);
        }

        try
        {
            while (_batchSent < _batchCount)
            {
                int sent = _socket.Send(_batch.AsSpan(_batchSent, _batchCount - _batchSent), SocketFlags.None, out var error);
                if (error == SocketError.WouldBlock)
                {
                    Volatile.Write(ref _blockedSince, Math.Max(1, _clock.GetTimestamp()));
                    _ = SendRestAsync();
                    return false;
                }

                if (error != SocketError.Success)
                {
                    Fail(SocketWords.Of(error));
                    return false;
                }

                _batchSent += sent;
            }

            return true;
        }
        catch (ObjectDisposedException)
        {
            Fail(SocketWords.Of(SocketError.OperationAborted));
            return false;
        }
    }

    /// <summary>False when the batch is not written yet, or failed.</summary>
    private bool SendByTls(TlsEnd tls)
    {
        var sending = WriteRecordsAsync(tls);
        if (sending.IsCompletedSuccessfully)
        {
            return sending.Result;
        }

        _ = ContinueAfterAsync(sending);
        return false;
    }

    /// <summary>Record by record, so that what has left is known.</summary>
    private async Task<bool> WriteRecordsAsync(TlsEnd tls)
    {
        try
        {
            while (_batchSent < _batchCount)
            {
                int octets = Math.Min(TlsRecord.MaxPlaintext, _batchCount - _batchSent);
                var write = tls.WriteAsync(_batch.AsMemory(_batchSent, octets));
                if (!write.IsCompleted)
                {
                    Volatile.Write(ref _blockedSince, Math.Max(1, _clock.GetTimestamp()));
                }

                await write.ConfigureAwait(false);
                _batchSent += octets;
            }
        }
        catch (Exception e) when (TlsWords.IsTlsFailure(e))
        {
            Fail(TlsWords.Of(e));
            return false;
        }

        Volatile.Write(ref _blockedSince, 0);
        return true;
    }

    private async Task ContinueAfterAsync(Task<bool> sending)
    {
        if (await sending.ConfigureAwait(false))
        {
            EndBatch();
            Flush();
        }
    }

    /// <summary>Owned by the connection through <see cref="WhenIdleAsync"/>: it ends when the socket is closed at the latest.</summary>
    private async Task SendRestAsync()
    {
        try
        {
            while (_batchSent < _batchCount)
            {
                _batchSent += await _socket.SendAsync(_batch.AsMemory(_batchSent, _batchCount - _batchSent), SocketFlags.None).ConfigureAwait(false);
                Volatile.Write(ref _blockedSince, Math.Max(1, _clock.GetTimestamp()));
            }
        }
        catch (SocketException e)
        {
            Fail(SocketWords.Of(e.SocketErrorCode));
            return;
        }
        catch (ObjectDisposedException)
        {
            Fail(SocketWords.Of(SocketError.OperationAborted));
            return;
        }

        Volatile.Write(ref _blockedSince, 0);
        EndBatch();
        Flush();
    }

    private void Fail(string why)
    {
        lock (_gate)
        {
            _closed = true;
        }

        Volatile.Write(ref _blockedSince, 0);
        EndBatch();
        _failed($"writing failed: {why}");
    }
}

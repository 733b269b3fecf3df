using Microsoft.Win32.SafeHandles;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Rewriting;

/// <summary>
/// Puts other payloads of the same length in the place of durable records; on the disk when it is disposed. What is written later lies
/// elsewhere in the file, so the journal's own writing is not touched.
/// </summary>
internal sealed class RecordOverwriter(Journal journal) : IDisposable
{
    private SafeFileHandle? _file;
    private long _base = -1;
    private byte[] _bytes = [];

    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Overwrite(long position, byte type, long timeMs, ReadOnlySpan<byte> payload)
    {
        if (journal.BaseOf(position) != _base)
        {
            Close();
            if (journal.OpenForOverwrite(position) is not { } opened)
            {
                return;
            }

            (_file, _base) = opened;
        }

        var total = RecordFormat.TotalBytes(payload.Length);
        if (_bytes.Length < total)
        {
            _bytes = new byte[total];
        }

        var record = _bytes.AsSpan(0, total);
        RecordFormat.Write(record, position, type, payload, timeMs, RecordFormat.PayloadState(payload), RecordFormat.Rewritten);
        SegmentFile.WriteAll(journal.Storage, _file!, record, Segment.OffsetOf(position, _base));
        journal.OverwriteInMemory(position, record);
    }

    public void Dispose() => Close();

    private void Close()
    {
        if (_file is not null)
        {
            journal.Storage.Sync(_file);
            _file.Dispose();
            _file = null;
            _base = -1;
        }
    }
}

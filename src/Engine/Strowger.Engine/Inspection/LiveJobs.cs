using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Strowger.Engine.Checkpointing;
using Strowger.Engine.Events;
using Strowger.Engine.Jobs;
using Strowger.Engine.Journaling;

namespace Strowger.Engine.Inspection;

/// <summary>
/// Which jobs are not at their end, from a checkpoint and the records after it: as a start counts them, a bit a job instead of a
/// slot, so that a backup is looked at in a few megabytes.
/// </summary>
internal sealed class LiveJobs
{
    private const int PageFixedBytes = 16;

    private readonly Dictionary<long, Page> _pages = [];

    public long Count => _pages.Values.Sum(static page => page.Count);

    /// <summary>False when it is no whole checkpoint: nothing of it is used.</summary>
    public bool TryLoad(string path, long begin, long end)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        if (!CheckpointFile.TryReadHeader(file, out ReplayFrom, out _) || ReplayFrom < begin || ReplayFrom > end)
        {
            ReplayFrom = 0;
            return false;
        }

        var buffer = new byte[64 * 1024];
        while (CheckpointFile.TryReadSection(file, ref buffer, out var type, out var length))
        {
            switch (type)
            {
                case CheckpointFile.EndSection:
                    return true;
                case CheckpointFile.PageSection:
                    Add(buffer.AsSpan(0, length));
                    break;
                default:
                    break;
            }
        }

        _pages.Clear();
        ReplayFrom = 0;
        return false;
    }

    /// <summary>Where records begin to count.</summary>
    public long ReplayFrom;

    public void Apply(in RecordView record)
    {
        if (record.Position < ReplayFrom)
        {
            return;
        }

        if (record.Type == RecordTypes.Enqueue && EnqueueRecord.TryRead(record.Payload, out var job))
        {
            for (var part = 0; part < job.Parts; part++)
            {
                if (PageFor(job.FirstId + part, record.Position) is { } page)
                {
                    page.Set((int)((job.FirstId + part) & (JobTable.PageSize - 1)));
                }
            }
        }
        else if (record.Type == RecordTypes.Entries)
        {
            var payload = record.Payload;
            while (Entry.TryRead(ref payload, out var entry))
            {
                if (entry.Job > 0 && EndsJob(entry.Kind) && PageFor(entry.Job, record.Position) is { } page)
                {
                    page.Clear((int)(entry.Job & (JobTable.PageSize - 1)));
                }
            }
        }
    }

    private static bool EndsJob(EntryKind kind) => kind is EntryKind.Done or EntryKind.Dead or EntryKind.Cancelled or EntryKind.Expired;

    private void Add(ReadOnlySpan<byte> section)
    {
        var page = new Page { From = BinaryPrimitives.ReadInt64LittleEndian(section[8..]) };
        _pages[BinaryPrimitives.ReadInt64LittleEndian(section)] = page;
        for (var at = PageFixedBytes; at < section.Length; at += 1 + Unsafe.SizeOf<JobSlot>())
        {
            page.Set(section[at]);
        }
    }

    /// <summary>Null when the checkpoint has the record's effect already.</summary>
    private Page? PageFor(long id, long position)
    {
        var number = id >> JobTable.PageBits;
        if (!_pages.TryGetValue(number, out var page))
        {
            page = new Page();
            _pages.Add(number, page);
        }

        return position < page.From ? null : page;
    }

    private sealed class Page
    {
        private readonly ulong[] _bits = new ulong[JobTable.PageSize / 64];

        public long From { get; init; }

        public int Count
        {
            get
            {
                var count = 0;
                foreach (var word in _bits)
                {
                    count += BitOperations.PopCount(word);
                }

                return count;
            }
        }

        public void Set(int index) => _bits[index >> 6] |= 1UL << (index & 63);

        public void Clear(int index) => _bits[index >> 6] &= ~(1UL << (index & 63));
    }
}

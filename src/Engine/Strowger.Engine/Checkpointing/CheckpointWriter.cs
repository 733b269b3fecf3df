using System.Runtime.InteropServices;
using Strowger.Engine.Events;
using Strowger.Engine.Jobs;
using Strowger.Engine.Journaling;
using Strowger.Engine.Limits;
using Strowger.Engine.Queues;

namespace Strowger.Engine.Checkpointing;

/// <summary>
/// Writes all live jobs while they go on living: pages are copied a few at a time under the gate, each with the journal's
/// end at that moment, so no hold is long and the replay knows for each page from where to go on.
/// </summary>
internal sealed class CheckpointWriter(EngineCore core, string directory)
{
    private const int PagesPerHold = 8;

    private byte[] _buffer = [];

    /// <summary>Returns the position from which a start replays, and the file's size.</summary>
    /// <exception cref="JournalFullException">The disk takes nothing: the state is ahead of the journal and must not be kept.</exception>
    /// <exception cref="OperationCanceledException">Told to stop waiting for the disk.</exception>
    public (long ReplayFrom, long Bytes) Write(CancellationToken cancel)
    {
        Directory.CreateDirectory(directory);
        var state = core.State;
        long replayFrom;
        long nextId;
        long[] pages;
        lock (state.Gate)
        {
            Flush();
            replayFrom = core.Journal.End;
            nextId = state.NextId;
            pages = state.Jobs.PageNumbers();
        }

        WriteDayCounts();
        var path = CheckpointFile.PathOf(directory, replayFrom);
        var temporary = path + ".tmp";
        long bytes;
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
        {
            CheckpointFile.WriteHeader(file, replayFrom, nextId);
            WritePages(file, pages);
            WriteNames(file);
            WriteKeys(file);
            WriteIndex();

            // Everything the pages have seen must be on disk before the file counts.
            core.Journal.WaitDurableAsync(core.Journal.End, cancel).AsTask().GetAwaiter().GetResult();
            CheckpointFile.WriteSection(file, CheckpointFile.EndSection, default);
            file.Flush(flushToDisk: true);
            bytes = file.Length;
        }

        File.Move(temporary, path, overwrite: true);

        // Before the journal may lose what the checkpoint holds, the name must be on disk too.
        Posix.SyncDirectory(directory);
        DeleteOld();
        return (replayFrom, bytes);
    }

    private void Flush()
    {
        core.Flush();
        if (core.IsStuck)
        {
            throw new JournalFullException("Entries wait for the disk.");
        }
    }

    /// <summary>Into the journal, behind the place from which a start replays: records from before that are not read again.</summary>
    private void WriteDayCounts()
    {
        List<(ushort Stage, string Limit, string Key)> live;
        lock (core.State.Gate)
        {
            live = core.State.DayCounts.TakeLive(core.NowMs);
        }

        for (var at = 0; at < live.Count; at += DayCounts.MaxPerRecord)
        {
            lock (core.State.Gate)
            {
                Flush();
                var some = CollectionsMarshal.AsSpan(live).Slice(at, Math.Min(DayCounts.MaxPerRecord, live.Count - at));
                core.Journal.Append(RecordTypes.DayCounts, core.State.DayCounts.ToRecord(some), core.NowMs);
            }
        }
    }

    private void WritePages(FileStream file, long[] pages)
    {
        for (var at = 0; at < pages.Length; at += PagesPerHold)
        {
            var copies = new List<byte[]>(PagesPerHold);
            lock (core.State.Gate)
            {
                Flush();
                var end = core.Journal.End;
                for (var i = at; i < Math.Min(pages.Length, at + PagesPerHold); i++)
                {
                    if (core.State.Jobs.Page(pages[i]) is { } page)
                    {
                        var length = PageSection.Write(page, end, ref _buffer);
                        copies.Add(_buffer.AsSpan(0, length).ToArray());
                    }
                }
            }

            foreach (var copy in copies)
            {
                CheckpointFile.WriteSection(file, CheckpointFile.PageSection, copy);
            }
        }
    }

    private void WriteNames(FileStream file)
    {
        var flows = new List<byte[]>();
        var stages = new List<byte[]>();
        lock (core.State.Gate)
        {
            foreach (var flow in core.State.Flows.All)
            {
                flows.Add(NameRecord.Flow(flow.Index, flow.Queue.Name, flow.Lane, flow.Name, flow.Key, flow.Excluded));
            }

            for (var i = 1; i < core.State.StageNames.Count; i++)
            {
                stages.Add(NameRecord.Stage(i, core.State.StageNames[i]));
            }
        }

        foreach (var flow in flows)
        {
            CheckpointFile.WriteSection(file, CheckpointFile.FlowSection, flow);
        }

        foreach (var stage in stages)
        {
            CheckpointFile.WriteSection(file, CheckpointFile.StageSection, stage);
        }
    }

    private void WriteKeys(FileStream file)
    {
        List<ReadOnlyMemory<UniqueKeys.Held>> pieces;
        lock (core.State.Gate)
        {
            core.State.Keys.Forget(core.NowMs);
            pieces = core.State.Keys.Snapshot();
        }

        var bytes = new byte[UniqueKeys.KeysPerChunk * KeySection.KeyBytes];
        foreach (var piece in pieces)
        {
            var length = 0;
            foreach (ref readonly var held in piece.Span)
            {
                KeySection.Write(bytes.AsSpan(length), held);
                length += KeySection.KeyBytes;
            }

            CheckpointFile.WriteSection(file, CheckpointFile.KeySection, bytes.AsSpan(0, length));
        }
    }

    private void WriteIndex()
    {
        DoneIndex.DirtyPages dirty;
        lock (core.State.Gate)
        {
            Flush();
            dirty = core.State.Done.TakeDirty();
        }

        try
        {
            core.State.Done.Write(dirty);
        }
        catch (IOException)
        {
            lock (core.State.Gate)
            {
                core.State.Done.PutBack(dirty);
            }

            throw;
        }
    }

    /// <summary>The last but one is kept, should the newest prove unreadable.</summary>
    private void DeleteOld()
    {
        foreach (var old in CheckpointFile.List(directory).Skip(2))
        {
            File.Delete(old);
        }
    }
}

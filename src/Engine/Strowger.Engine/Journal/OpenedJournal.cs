using Microsoft.Win32.SafeHandles;

namespace Strowger.Engine.Journaling;

/// <summary>What opening found or made: the journal goes on from here.</summary>
internal sealed record OpenedJournal(SegmentTable Table, SpaceKeeper Space, Segment Segment, SafeFileHandle File, long End);

using System.Runtime.InteropServices;

namespace Strowger.Engine.Jobs;

/// <summary>
/// All that memory holds of one live job: 56 octets, so that ten million are half a gigabyte. Written as it is into
/// checkpoints (little-endian), so its layout is part of the checkpoint's format version.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct JobSlot
{
    /// <summary>It stands in the record that is being gathered.</summary>
    public const byte InOpenRecord = 1;

    /// <summary>It stands in a record that the disk has not taken.</summary>
    public const byte InWaitingRecord = 2;

    /// <summary>Next job of the same flow, 0 = last; of a leased one, when its lease ends (monotonic milliseconds). Not kept in checkpoints: order is rebuilt from the ids.</summary>
    public long Next;

    /// <summary>Position of the newest record about this job; each entry there names the one before.</summary>
    public long Position;

    /// <summary>Position of the record that holds the body.</summary>
    public long BodyPosition;

    /// <summary>Unix milliseconds: before this it is not ready, 0 = at once. Of a job whose lease outlives the process: when it ends.</summary>
    public long DueMs;

    /// <summary>Unix seconds after which it expires, 0 = never.</summary>
    public uint ExpiresAt;

    public int Flow;
    public int Token;
    public ushort Cost;

    /// <summary>The stage that holds or last held it.</summary>
    public ushort Stage;

    public JobState State;
    public byte Attempts;
    public byte Part;
    public byte Parts;
    public byte Resends;

    /// <summary>1 while linked into a flow: a cancelled job stays linked until the flow reaches it.</summary>
    public byte Linked;

    /// <summary>Whether entries about it are not in the journal yet: <see cref="InOpenRecord"/>, <see cref="InWaitingRecord"/>. Not kept in checkpoints.</summary>
    public byte Unwritten;

    /// <summary>Attempts after which it is given up, 0 = by its stage.</summary>
    public byte MaxAttempts;
}

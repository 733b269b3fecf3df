using System.Text;
using Strowger.Engine.Events;
using Strowger.Engine.Journaling;
using Strowger.Engine.Queues;

namespace Strowger.Engine.Stages;

/// <summary>
/// Tells jobs apart that were taken in before their stage had limits by key: reads their bodies, a few at a time, and moves each into
/// the flow of its key. Nothing is written down for it: after a restart it is done again.
/// </summary>
internal sealed class KeyReader(EngineCore core, LanePicker picker, Func<StageOptions> options)
{
    /// <summary>Bodies read between two hand-outs: well under a millisecond's worth from memory.</summary>
    private const int AtOnce = 256;

    private readonly List<(long Id, long Body, string Key)> _some = [];
    private byte[] _buffer = [];

    /// <summary>Whether there may be such jobs; set by whoever passes over one.</summary>
    public bool IsNeeded { get; set; }

    public static void Check(string? key)
    {
        if (key is not null && (Encoding.UTF8.GetByteCount(key) > EngineLimits.MaxKeyBytes || key.Contains('\u001f', StringComparison.Ordinal)))
        {
            throw new ArgumentException($"A key has at most {EngineLimits.MaxKeyBytes} octets of UTF-8 and no control characters; found '{key}'.", nameof(key));
        }
    }

    /// <summary>Moves the first jobs of one flow. Called without the gate.</summary>
    public void Run()
    {
        Flow? flow;
        lock (core.State.Gate)
        {
            flow = picker.Unsorted();
            IsNeeded = flow is not null;
            _some.Clear();
            if (flow is not null)
            {
                Gather(flow);
            }
        }

        if (_some.Count == 0)
        {
            return;
        }

        for (var i = 0; i < _some.Count; i++)
        {
            _some[i] = _some[i] with { Key = Read(_some[i].Body) };
        }

        lock (core.State.Gate)
        {
            Move(flow!);
            core.WakeStages();
        }
    }

    private void Gather(Flow flow)
    {
        core.State.SkipDropped(flow);
        for (var id = flow.Head; id != 0 && _some.Count < AtOnce;)
        {
            ref var slot = ref core.State.Jobs.Find(id);
            _some.Add((id, slot.BodyPosition, string.Empty));
            id = slot.Next;
        }
    }

    private string Read(long body)
    {
        if (options().KeyOf is { } keyOf && core.Journal.TryRead(body, ref _buffer, out var record) && EventDecoder.TryAcceptance(record, out var accepted, moved: true))
        {
            var key = keyOf(accepted.Data);
            return Encoding.UTF8.GetByteCount(key) <= EngineLimits.MaxKeyBytes ? key : string.Empty;
        }

        return string.Empty;
    }

    private void Move(Flow flow)
    {
        foreach (var (id, _, key) in _some)
        {
            // What was cancelled meanwhile goes by itself; what was put before them is read the next time.
            if (!core.State.SkipDropped(flow))
            {
                return;
            }

            if (flow.Head != id)
            {
                continue;
            }

            Flow other;
            try
            {
                other = core.FlowOf(flow.Queue.Name, flow.Lane, flow.Name, key, flow.Excluded);
            }
            catch (JournalFullException)
            {
                return;
            }

            ref var slot = ref core.State.Jobs.Find(id);
            EngineState.UnlinkHead(ref slot, flow);
            (flow.Live, other.Live) = (flow.Live - 1, other.Live + 1);
            slot.Flow = other.Index;
            other.LastUsedMs = core.MonotonicMs;
            core.State.Link(ref slot, id, other, atHead: false);
        }
    }
}

using System.Runtime.InteropServices;

namespace Strowger.Engine.Queues;

/// <summary>Flows by number and by name. Guarded by the engine's lock.</summary>
internal sealed class FlowTable
{
    private readonly List<Flow?> _byIndex = [null];
    private readonly Stack<int> _free = new();
    private readonly Dictionary<(string Queue, Lane Lane, string Name, string? Key, uint Excluded), Flow> _byName = [];
    private readonly Dictionary<string, FlowGroup> _groups = new(StringComparer.Ordinal);

    public Flow this[int index] => _byIndex[index] ?? throw new InvalidOperationException($"Flow {index} is not known.");

    public int Count => _byName.Count;

    /// <summary>A number that no flow has now.</summary>
    public int TakeIndex()
    {
        while (_free.TryPop(out var index))
        {
            if (_byIndex[index] is null)
            {
                return index;
            }
        }

        return _byIndex.Count;
    }

    public IEnumerable<Flow> All => _byName.Values;

    public bool Has(int index) => index > 0 && index < _byIndex.Count && _byIndex[index] is not null;

    public Flow? Find(string queue, Lane lane, string name, string? key, uint excluded) =>
        _byName.GetValueOrDefault((queue, lane, name, key, excluded));

    public Flow Add(JobQueue queue, Lane lane, string name, string? key, uint excluded, int index)
    {
        var flow = new Flow(queue, lane, name, key, index, excluded);
        if (key is not null)
        {
            flow.Tally = CollectionsMarshal.GetValueRefOrAddDefault(queue.Tallies, key, out _) ??= new KeyTally();
            flow.Tally.Flows++;
        }

        while (_byIndex.Count <= index)
        {
            _byIndex.Add(null);
        }

        _byIndex[index] = flow;
        _byName[(queue.Name, lane, name, key, excluded)] = flow;
        _groups.GetValueOrDefault(name)?.Join(flow);
        return flow;
    }

    /// <summary>The group of all flows of a name, those to come too; made by <paramref name="make"/> when there is none.</summary>
    public FlowGroup GroupOf(string name, Func<FlowGroup> make)
    {
        if (!_groups.TryGetValue(name, out var group))
        {
            _groups.Add(name, group = make());
            foreach (var flow in _byName.Values)
            {
                if (flow.Name == name)
                {
                    group.Join(flow);
                }
            }
        }

        return group;
    }

    /// <summary>Its flows are on their own again.</summary>
    public void Forget(FlowGroup group) => _groups.Remove(group.Name);

    public void Remove(Flow flow)
    {
        flow.IsRemoved = true;
        _byIndex[flow.Index] = null;
        _free.Push(flow.Index);
        _byName.Remove((flow.Queue.Name, flow.Lane, flow.Name, flow.Key, flow.Excluded));
        if (flow.Tally is { } tally && --tally.Flows == 0)
        {
            flow.Queue.Tallies.Remove(flow.Key!);
        }

        _groups.GetValueOrDefault(flow.Name)?.Leave(flow);
    }
}

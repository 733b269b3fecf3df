using System.Text;
using Strowger.Engine;

namespace Strowger.Features.Messaging.SmppDoor;

/// <summary>Where a client's deliveries go, and those that are being made.</summary>
internal sealed class Outlet(DoorClient client, FlowHandle flow)
{
    public DoorClient Client => client;

    public FlowHandle Flow => flow;

    /// <summary>The policy's own thread only.</summary>
    public JobBatch Batch { get; } = new();
}

/// <summary>The outlets of all clients as they are at one moment, found by name and by number.</summary>
internal sealed class Outlets
{
    private readonly Dictionary<string, Outlet> _byName;
    private readonly Dictionary<string, Outlet> _byNumber = new(StringComparer.Ordinal);

    public Outlets(IEnumerable<Outlet> all)
    {
        _byName = all.ToDictionary(outlet => outlet.Client.Settings.SystemId, StringComparer.Ordinal);
        foreach (var outlet in _byName.Values)
        {
            foreach (var number in outlet.Client.Settings.Numbers)
            {
                _byNumber[number] = outlet;
            }
        }
    }

    public IEnumerable<Outlet> All => _byName.Values;

    public bool HasNumbers => _byNumber.Count > 0;

    /// <summary>Null also for another client that had this one's name before.</summary>
    public Outlet? Of(DoorClient client) =>
        _byName.TryGetValue(client.Settings.SystemId, out var outlet) && ReferenceEquals(outlet.Client, client) ? outlet : null;

    /// <summary>Of whoever handed a text in.</summary>
    public Outlet? Of(in SmppMark mark)
    {
        Span<char> name = stackalloc char[SmppMark.MaxLength];
        var length = Encoding.ASCII.GetChars(mark.SystemId, name);
        return _byName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var outlet) ? outlet : null;
    }

    /// <summary>Of the number an incoming text is for, by the longest prefix.</summary>
    public Outlet? Of(string number)
    {
        var plain = number.AsSpan().TrimStart('+');
        var numbers = _byNumber.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = plain.Length; length > 0; length--)
        {
            if (numbers.TryGetValue(plain[..length], out var outlet))
            {
                return outlet;
            }
        }

        return null;
    }
}

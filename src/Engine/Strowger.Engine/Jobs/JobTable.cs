using System.Runtime.CompilerServices;

namespace Strowger.Engine.Jobs;

/// <summary>
/// Live jobs by id. Ids are consecutive, so a page holds 256 neighbours and needs no hash a job; a page is given back
/// when its last job leaves. Guarded by the engine's lock.
/// </summary>
internal sealed class JobTable
{
    public const int PageBits = 8;
    public const int PageSize = 1 << PageBits;
    private const int MaxSparePages = 64;

    private readonly Dictionary<long, JobPage> _pages = [];
    private readonly Stack<JobPage> _spare = new();
    private JobPage? _last;

    public long Count { get; private set; }

    public int PageCount => _pages.Count;

    /// <summary>The job's slot, or a null reference when it is not live.</summary>
    public ref JobSlot Find(long id)
    {
        var page = PageOf(id);
        if (page is null)
        {
            return ref Unsafe.NullRef<JobSlot>();
        }

        ref var slot = ref page.Slots[id & (PageSize - 1)];
        return ref slot.State == JobState.None ? ref Unsafe.NullRef<JobSlot>() : ref slot;
    }

    /// <summary>A zeroed slot for a new job.</summary>
    public ref JobSlot Add(long id)
    {
        var page = PageOf(id) ?? AddPage(id >> PageBits);
        ref var slot = ref page.Slots[id & (PageSize - 1)];
        Invariant.Holds(slot.State == JobState.None, "a job id is used once");
        slot = default;
        page.Live++;
        Count++;
        return ref slot;
    }

    public void Remove(long id)
    {
        var page = PageOf(id);
        Invariant.Holds(page is not null, "only a live job is removed");
        page!.Slots[id & (PageSize - 1)] = default;
        Count--;
        if (--page.Live == 0)
        {
            _pages.Remove(page.Number);
            _last = ReferenceEquals(_last, page) ? null : _last;
            if (_spare.Count < MaxSparePages)
            {
                _spare.Push(page);
            }
        }
    }

    /// <summary>Numbers of all pages now in use, ascending.</summary>
    public long[] PageNumbers()
    {
        var numbers = new long[_pages.Count];
        _pages.Keys.CopyTo(numbers, 0);
        Array.Sort(numbers);
        return numbers;
    }

    public JobPage? Page(long number) => _pages.GetValueOrDefault(number);

    private JobPage? PageOf(long id)
    {
        var number = id >> PageBits;
        if (_last is { } last && last.Number == number)
        {
            return last;
        }

        if (_pages.TryGetValue(number, out var page))
        {
            _last = page;
        }

        return page;
    }

    private JobPage AddPage(long number)
    {
        var page = _spare.Count > 0 ? _spare.Pop() : new JobPage();
        page.Number = number;
        _pages.Add(number, page);
        _last = page;
        return page;
    }
}

internal sealed class JobPage
{
    public long Number;
    public int Live;
    public readonly JobSlot[] Slots = new JobSlot[JobTable.PageSize];

    /// <summary>Durable jobs that are not at their end.</summary>
    public void CopyTo(List<LiveJob> found)
    {
        for (var i = 0; i < Slots.Length; i++)
        {
            ref readonly var slot = ref Slots[i];
            if (slot.State is > JobState.Accepted and < JobState.Done)
            {
                found.Add(new LiveJob(new JobId((Number << JobTable.PageBits) + i), slot.State, slot.Part, slot.BodyPosition));
            }
        }
    }
}

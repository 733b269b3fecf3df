using Strowger.Engine.Jobs;

namespace Strowger.Engine;

/// <summary>A job that is not at its end, at one moment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">Where it was.</param>
/// <param name="Part">Which part of its parent, from 0.</param>
/// <param name="BodyPosition">Record with its body, for <see cref="JobHistory.TryReadAcceptance"/>.</param>
public readonly record struct LiveJob(JobId Id, JobState State, byte Part, long BodyPosition)
{
    /// <summary>Id of the first part.</summary>
    public JobId Parent => new(Id.Value - Part);

    /// <summary>
    /// All jobs that are not at their end, in order of their ids. The engine goes on meanwhile: a job that ends or comes while they are
    /// listed may be there or not.
    /// </summary>
    public static IEnumerable<LiveJob> All(JobEngine engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return List(engine);
    }

    private static IEnumerable<LiveJob> List(JobEngine engine)
    {
        long[] pages;
        lock (engine.State.Gate)
        {
            pages = engine.State.Jobs.PageNumbers();
        }

        var found = new List<LiveJob>(JobTable.PageSize);
        foreach (var number in pages)
        {
            found.Clear();
            lock (engine.State.Gate)
            {
                engine.State.Jobs.Page(number)?.CopyTo(found);
            }

            foreach (var job in found)
            {
                yield return job;
            }
        }
    }
}

using Strowger.Engine;

namespace Strowger.Features.Jobs;

/// <summary>A job's id as its users see it: <c>job_</c> and its number (<see cref="PublicId"/>), so that ids sort by acceptance.</summary>
public static class JobName
{
    private const string Prefix = "job_";

    public static string Of(JobId id) => PublicId.ToText(Prefix, id.Value);

    public static bool TryParse(ReadOnlySpan<char> text, out JobId id)
    {
        var isOne = PublicId.TryParse(Prefix, text, out var number);
        id = new JobId(number);
        return isOne;
    }
}

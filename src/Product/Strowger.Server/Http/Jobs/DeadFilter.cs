using System.Text;
using Strowger.Features.Jobs;
using Strowger.Records.Jobs;

namespace Strowger.Server.Http.Jobs;

/// <summary>Which of a queue's jobs that were given up; what is null does not matter.</summary>
/// <param name="Reason">The reason's code, such as <c>failed</c>, <c>given_up</c>, <c>lease_ended</c>.</param>
/// <param name="Error">Words in the error, in any case.</param>
/// <param name="DiedAfter">Given up at this time or later.</param>
/// <param name="DiedBefore">Given up before this time.</param>
internal sealed record DeadFilter(string? Reason = null, string? Error = null, DateTimeOffset? DiedAfter = null, DateTimeOffset? DiedBefore = null)
{
    public bool Takes(DeadJobRow row)
    {
        if (row.DiedMs < (DiedAfter?.ToUnixTimeMilliseconds() ?? 0) || row.DiedMs >= (DiedBefore?.ToUnixTimeMilliseconds() ?? long.MaxValue))
        {
            return false;
        }

        var reason = ReasonOf(row);
        return (Reason is null || reason.Code == Reason) && (Error is null || reason.Detail.Contains(Error, StringComparison.OrdinalIgnoreCase));
    }

    public static JobReason ReasonOf(DeadJobRow row) => JobReasons.Of(row.Code, row.Detail is null ? default : Encoding.UTF8.GetBytes(row.Detail));
}

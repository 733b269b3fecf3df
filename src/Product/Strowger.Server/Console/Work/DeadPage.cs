using System.Globalization;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Jobs;
using Strowger.Records.Jobs;
using Strowger.Server.Http.Jobs;
using Strowger.Server.Http.Problems;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/work/{name}/dead</c>: what was given up, why, and back into its queue with it when the cause is mended.</summary>
internal sealed class DeadPage(ConsoleServices services)
{
    private readonly Requeues _requeues = new(services.Http);

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get("/work/{name}/dead", ShowAsync),
        ConsoleRoute.Post("/work/{name}/requeue", Role.Operator, ManyAsync),
        ConsoleRoute.Post("/work/jobs/{id}/requeue", Role.Operator, OneAsync),
    ];

    private Task ShowAsync(Visit visit)
    {
        var queue = visit.Route("name");
        if (services.Http.Jobs.Queues.Find(queue) is null)
        {
            return visit.NotFoundAsync(visit.T["There is no queue {0}.", queue]);
        }

        var filter = new DeadFilter(visit.Query("reason"), visit.Query("error"));
        var before = long.TryParse(visit.Query("before"), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : long.MaxValue;
        var (rows, count, reasons) = Read(queue, filter, before);
        return visit.ShowAsync<DeadView>(new DeadModel
        {
            Queue = queue,
            Filter = filter,
            Rows = [.. rows.Take(ConsoleLimits.PageRows)],
            Count = count,
            Reasons = reasons,
            Next = rows.Count > ConsoleLimits.PageRows ? rows[ConsoleLimits.PageRows - 1].Id : null,
        });
    }

    /// <summary>The list holds so few that all of it is counted: a button says how many it means.</summary>
    private (List<DeadJobRow> Rows, int Count, IReadOnlyList<string> Reasons) Read(string queue, DeadFilter filter, long before)
    {
        var (rows, count, reasons, at) = (new List<DeadJobRow>(), 0, new SortedSet<string>(StringComparer.Ordinal), long.MaxValue);
        IReadOnlyList<DeadJobRow> page;
        do
        {
            page = services.Http.DeadJobs.List(queue, at, Records.RecordsLimits.MaxPage);
            at = page.Count > 0 ? page[^1].Id : at;
            foreach (var row in page)
            {
                reasons.Add(DeadFilter.ReasonOf(row).Code);
                if (filter.Takes(row))
                {
                    count++;
                    if (row.Id < before && rows.Count <= ConsoleLimits.PageRows)
                    {
                        rows.Add(row);
                    }
                }
            }
        }
        while (page.Count == Records.RecordsLimits.MaxPage);
        return (rows, count, [.. reasons]);
    }

    private async Task ManyAsync(Visit visit)
    {
        var t = visit.T;
        var queue = visit.Route("name");
        if (services.Http.Jobs.Queues.Find(queue) is null)
        {
            await visit.NotFoundAsync(t["There is no queue {0}.", queue]);
            return;
        }

        var path = PathOf(queue, visit.Field("reason"), visit.Field("error"));
        if (visit.Field("confirm") is null)
        {
            await visit.GoAsync(path, Notice.Failed(t["Nothing was put back: tick the box to confirm."]));
            return;
        }

        var answer = await _requeues.ManyAsync(queue, new DeadFilter(visit.Field("reason"), visit.Field("error")), JobLimits.MaxRequeue, visit.Who);
        var done = t["{0} put back into {1}.", t.Jobs(answer.Jobs.Count), queue];
        await visit.GoAsync(answer.Left > 0 || answer.Stopped is not null ? path : "/work", answer.Stopped is { } stopped
            ? Notice.Failed($"{done} {t.Told(stopped.Detail)}")
            : Notice.Done(answer.Left > 0 ? $"{done} {t["{0} more: press again.", t.Count(answer.Left)]}" : done));
    }

    private async Task OneAsync(Visit visit)
    {
        var (result, problem) = JobName.TryParse(visit.Route("id"), out var id)
            ? await _requeues.OneAsync(id, visit.Who)
            : (default, Problem.Of("not_found", ""));
        await (problem is { Error.Status: StatusCodes.Status404NotFound }
            ? visit.NotFoundAsync(visit.T["There is no such job, or its history is past its retention. An id looks like job_0000000000001."])
            : visit.GoAsync("/work/jobs/" + JobName.Of(problem is null ? result.As : id), problem is null
                ? Notice.Done(visit.T["It was put back as this job; its attempts begin anew."])
                : Notice.Failed(visit.T.Told(problem.Detail))));
    }

    private static string PathOf(string queue, string? reason, string? error) =>
        $"/work/{Uri.EscapeDataString(queue)}/dead?reason={Uri.EscapeDataString(reason ?? "")}&error={Uri.EscapeDataString(error ?? "")}";
}

/// <summary>What a queue has given up.</summary>
public sealed record DeadModel
{
    public required string Queue { get; init; }

    internal DeadFilter Filter { get; init; } = new();

    public required IReadOnlyList<DeadJobRow> Rows { get; init; }

    /// <summary>Of all that the filter takes.</summary>
    public int Count { get; init; }

    /// <summary>Codes to choose from.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public long? Next { get; init; }
}

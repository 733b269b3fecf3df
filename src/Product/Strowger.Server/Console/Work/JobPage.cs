using System.Text;
using Strowger.Engine;
using Strowger.Features.Access;
using Strowger.Features.Jobs;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/work/jobs/{id}</c>: where one job is and why; taken back while it waits.</summary>
internal sealed class JobPage(ConsoleServices services)
{
    /// <summary>Characters of a body, a result or a progress that are shown.</summary>
    private const int MaxShown = 20_000;

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get("/work/jobs", FindAsync),
        ConsoleRoute.Get("/work/jobs/{id}", ShowAsync),
        ConsoleRoute.Post("/work/jobs/{id}/cancel", Role.Operator, CancelAsync),
    ];

    internal static Sentence Answer(Language t, JobView job)
    {
        var sentence = new SentenceBuilder(job.State is "dead" or "expired" ? Tone.Trouble : Tone.Calm);
        switch (job.State)
        {
            case "scheduled":
                sentence.Say(t["It waits for its time, "]).At(DateTimeOffset.FromUnixTimeMilliseconds(job.DueMs)).Say(".");
                break;
            case "ready":
                sentence.Say(t["It waits in {0}.", job.Queue]);
                break;
            case "leased":
                sentence.Say(t["A worker has it until "]).At(DateTimeOffset.FromUnixTimeMilliseconds(job.LeaseUntilMs)).Say(".");
                break;
            case "done":
                sentence.Say(t["It was done at "]).At(DateTimeOffset.FromUnixTimeMilliseconds(job.FinishedMs)).Say(".");
                break;
            case "dead":
                sentence.Alarm(job.Attempts == 1 ? t["It was given up after 1 attempt."] : t["It was given up after {0} attempts.", job.Attempts]);
                break;
            case "expired":
                sentence.Alarm(t["Its time was over before anybody did it."]);
                break;
            default:
                sentence.Say(t["It was cancelled before anybody did it."]);
                break;
        }

        return sentence.Detail(job.WaitsFor is { } waits ? t.Told(waits.Detail) : null).Detail(job.Error is null ? null : t["Its last attempt: {0}", t.Told(job.Error.Detail)]).Build();
    }

    /// <summary>Octets as text where they are text, else in hex; cut to what a page may hold.</summary>
    internal static string Shown(ReadOnlyMemory<byte> octets, bool isOctets)
    {
        var text = isOctets ? Convert.ToHexStringLower(octets.Span[..Math.Min(octets.Length, MaxShown / 2)]) : Encoding.UTF8.GetString(octets.Span);
        return text.Length <= MaxShown ? text : text[..MaxShown] + "…";
    }

    private static Task FindAsync(Visit visit) => visit.GoAsync(visit.Query("id") is { } id ? "/work/jobs/" + Uri.EscapeDataString(id) : "/work");

    private Task ShowAsync(Visit visit) => Find(visit, out _) is { } job
        ? visit.ShowAsync<JobDetail>(new JobModel { Job = job, Answer = Answer(visit.T, job) })
        : NotFoundAsync(visit);

    private async Task CancelAsync(Visit visit)
    {
        if (Find(visit, out var id) is null || await services.Http.Jobs.CancelAsync(id, CancellationToken.None) is not { } job)
        {
            await NotFoundAsync(visit);
            return;
        }

        var name = JobName.Of(id);
        services.Http.Settings.Audit.Add(visit.Who, "job.cancel", name, null, job.State);
        await visit.GoAsync("/work/jobs/" + name, job.State == "cancelled"
            ? Notice.Done(visit.T["It was cancelled before anybody did it."])
            : Notice.Failed(visit.T["Too late: it is {0}. Only what still waits can be cancelled.", visit.T[job.State]]));
    }

    private JobView? Find(Visit visit, out JobId id) => JobName.TryParse(visit.Route("id"), out id) ? services.Http.Jobs.Find(id) : null;

    private static Task NotFoundAsync(Visit visit) =>
        visit.NotFoundAsync(visit.T["There is no such job, or its history is past its retention. An id looks like job_0000000000001."]);
}

/// <summary>One job, and the answer in words.</summary>
public sealed record JobModel
{
    public required JobView Job { get; init; }

    public required Sentence Answer { get; init; }
}

using System.Globalization;
using Strowger.Features.Access;
using Strowger.Features.Jobs;
using Strowger.Server.Http.Queues;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/work</c>: what grows faster than it drains?</summary>
internal sealed class WorkPage(ConsoleServices services, LiveFeed feed)
{
    private readonly LiveQueues _live = new(services.Http.Settings);

    public IEnumerable<ConsoleRoute> Routes =>
    [
        ConsoleRoute.Get("/work", v => v.ShowAsync<WorkView>(new WorkModel { Sentence = WorkSentence.Of(v.T, feed.Newest.Queues), Queues = feed.Newest.Queues, OfJobs = services.Http.Jobs.Queues.Find })),
        ConsoleRoute.Post("/work/{name}/pause", Role.Operator, v => PauseAsync(v, isPaused: true)),
        ConsoleRoute.Post("/work/{name}/resume", Role.Operator, v => PauseAsync(v, isPaused: false)),
        ConsoleRoute.Post("/work/{name}/bound", Role.Operator, BoundAsync),
        ConsoleRoute.Post("/work/{name}/speed", Role.Operator, SpeedAsync),
    ];

    private async Task PauseAsync(Visit visit, bool isPaused)
    {
        var name = visit.Route("name");
        if (services.Messaging.Engine.GetQueue(name) is not { } queue)
        {
            await visit.NotFoundAsync(visit.T["There is no queue {0}.", name]);
            return;
        }

        if (queue.Paused != isPaused)
        {
            _live.Save(name, null, isPaused, visit.Who);
            services.Messaging.Engine.ChangeQueue(name, null, isPaused);
        }

        await visit.GoAsync("/work", Notice.Done(isPaused ? visit.T["{0} is paused: it takes in and hands nothing out.", name] : visit.T["{0} was resumed.", name]));
    }

    /// <summary>Width and rate of a queue of jobs; a queue of texts is drained as its channels are.</summary>
    private async Task SpeedAsync(Visit visit)
    {
        var name = visit.Route("name");
        if (services.Http.Jobs.Queues.Find(name) is not { } queue)
        {
            await visit.NotFoundAsync(visit.T["There is no queue {0}.", name]);
            return;
        }

        var settings = queue.Settings with { Width = null, Rate = null };
        if (visit.Field("width") is { } width)
        {
            settings = settings with { Width = int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var wide) && wide <= WorkQueuePatch.MaxWidth ? wide : -1 };
        }

        if (visit.Field("rate") is { } rate)
        {
            settings = settings with { Rate = double.TryParse(rate.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fast) && fast is >= WorkQueuePatch.MinRate and <= WorkQueuePatch.MaxRate ? fast : -1 };
        }

        if (settings.Width < 0 || settings.Rate < 0)
        {
            await visit.GoAsync("/work", Notice.Failed(visit.T["A width is 0 to 1,000,000 jobs at once, a rate 0.001 to 10,000,000 a second or nothing."]));
            return;
        }

        services.Http.Jobs.Queues.Change(queue, settings, visit.Who);
        await visit.GoAsync("/work", Notice.Done(visit.T["{0} was changed; it counts from now on.", name]));
    }

    private async Task BoundAsync(Visit visit)
    {
        var name = visit.Route("name");
        if (services.Messaging.Engine.GetQueue(name) is null)
        {
            await visit.NotFoundAsync(visit.T["There is no queue {0}.", name]);
            return;
        }

        var text = visit.Field("bound") ?? "";
        if (!long.TryParse(string.Concat(text.Where(char.IsAsciiDigit)), out var bound) || bound is < 1 or > QueueEndpoints.MaxBound)
        {
            await visit.GoAsync("/work", Notice.Failed(visit.T["{0} is not a bound: 1 to 1,000,000,000 jobs.", text]));
            return;
        }

        _live.Save(name, bound, null, visit.Who);
        services.Messaging.Engine.ChangeQueue(name, bound, null);
        await visit.GoAsync("/work", Notice.Done(visit.T["{0} takes {1} from now on.", name, visit.T.Count(bound)]));
    }
}

/// <summary>The queues.</summary>
public sealed record WorkModel
{
    public required Sentence Sentence { get; init; }

    public required IReadOnlyList<QueueFlow> Queues { get; init; }

    /// <summary>How a queue of jobs is drained; null for one of texts.</summary>
    public required Func<string, WorkQueue?> OfJobs { get; init; }
}

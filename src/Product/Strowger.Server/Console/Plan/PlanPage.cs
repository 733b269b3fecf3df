using System.Globalization;
using System.Text;
using Strowger.Features.Planning;
using Strowger.Server.Http.Planning;

namespace Strowger.Server.ConsolePage;

/// <summary>
/// <c>/plan</c>: when would the last one have it, and what would it cost? The page answers by formula, which takes no time. The browser then
/// asks for the same address with <c>simulate=1</c>, and with <c>late=1</c> for how late texts are now: those take turns with all other
/// plans, work off the request's thread, and end after <see cref="ConsoleServices.PlanTime"/> or when the reader leaves.
/// </summary>
internal sealed class PlanPage(ConsoleServices services)
{
    /// <summary>With <see cref="ConsoleServices.PlanTime"/> below the ten seconds that a page waits for its parts.</summary>
    private static readonly TimeSpan _wait = TimeSpan.FromSeconds(4);

    /// <summary>Minutes of lateness to choose from.</summary>
    private static readonly int[] _spans = [10, 60, PlanLimits.MaxMinutes];

    public IEnumerable<ConsoleRoute> Routes => [ConsoleRoute.Get("/plan", ShowAsync)];

    private async Task ShowAsync(Visit visit)
    {
        var form = PlanForm.Read(visit, LivePlan.Channels(services.Http));
        var input = form.IsAsked ? form.ToInput(services.Http.Currency) : null;
        var report = input is null ? null : Planner.ByFormula(input);
        var isLate = false;
        if (report is not null && visit.Query("simulate") is not null)
        {
            PlanReport? simulated = null;
            isLate = !await InTimeAsync(visit, async cancel => simulated = await Planner.PlanAsync(input!, cancel));
            report = simulated ?? report;
        }

        LatenessReport? lateness = null;
        var isUnread = false;
        var minutes = int.TryParse(visit.Query("minutes"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) && _spans.Contains(given) ? given : _spans[0];
        if (visit.Query("late") is not null)
        {
            isUnread = !await InTimeAsync(visit, cancel => Task.Run(() => lateness = new LatenessReader(services.Http.Engine).Read(TimeSpan.FromMinutes(minutes), new Random(1), cancel), cancel));
        }

        await visit.ShowAsync<PlanView>(new PlanModel
        {
            Form = form,
            Report = report,
            Waiting = LivePlan.Backlog(services.Http),
            IsLate = isLate,
            Lateness = lateness,
            IsUnread = isUnread,
            Minutes = minutes,
            Spans = _spans,
            Here = name => Address(visit, name),
        }, form.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>False when it was not its turn, or it took too long.</summary>
    private async Task<bool> InTimeAsync(Visit visit, Func<CancellationToken, Task> work)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(visit.Cancel, services.Stopping);
        try
        {
            return await services.Http.Plans.TryRunAsync(_wait, async cancel =>
            {
                using var bound = new CancellationTokenSource(services.PlanTime);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, bound.Token);
                await work(both.Token);
            }, ended.Token);
        }
        catch (OperationCanceledException) when (!visit.Cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>This address with one value more, or another one.</summary>
    private static string Address(Visit visit, (string Name, string Value) more)
    {
        var text = new StringBuilder("/plan?");
        foreach (var (name, values) in visit.Context.Request.Query.Where(pair => pair.Key != more.Name && pair.Key is not ("simulate" or "late")))
        {
            foreach (var value in values)
            {
                text.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value ?? "")).Append('&');
            }
        }

        return text.Append(more.Name).Append('=').Append(Uri.EscapeDataString(more.Value)).ToString();
    }
}

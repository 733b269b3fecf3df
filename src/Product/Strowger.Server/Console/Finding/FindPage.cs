using Strowger.Features.Jobs;
using Strowger.Features.Messaging;

namespace Strowger.Server.ConsolePage;

/// <summary><c>/console/find?q=</c>: the lines of the palette: pages, channels, a message by its id, messages by what was typed.</summary>
internal sealed class FindPage(ConsoleServices services)
{
    private const int MaxQuery = 100;

    public IEnumerable<ConsoleRoute> Routes => [ConsoleRoute.Get("/console/find", FindAsync)];

    private Task FindAsync(Visit visit)
    {
        var query = visit.Query("q") ?? "";
        query = query.Length > MaxQuery ? query[..MaxQuery] : query;
        var found = Places(visit, query).Concat(Channels(visit, query)).Concat(Messages(visit, query));
        return visit.ShowPartAsync<FoundView>(new FoundModel([.. found.Take(ConsoleLimits.MaxFound)]));
    }

    private static IEnumerable<FoundLine> Places(Visit visit, string query) => Place.All
        .Where(p => query.Length == 0 || visit.T[p.Name].Contains(query, StringComparison.OrdinalIgnoreCase) || p.Name.Contains(query, StringComparison.OrdinalIgnoreCase))
        .Select(p => new FoundLine(p.Path, visit.T[p.Name], visit.T[p.Question]));

    private IEnumerable<FoundLine> Channels(Visit visit, string query) => services.Messaging.Channels.All
        .Where(c => query.Length > 0 && c.Name.Contains(query, StringComparison.OrdinalIgnoreCase))
        .Select(c => new FoundLine("/channels/" + Uri.EscapeDataString(c.Name), c.Name, visit.T["channel"] + ", " + visit.T[c.State.State.Replace('_', ' ')]));

    private IEnumerable<FoundLine> Messages(Visit visit, string query)
    {
        if (MessageId.TryParse(query, out var id))
        {
            if (services.Messaging.Find(id) is { } message)
            {
                yield return new FoundLine("/messages/" + message.Id, message.Id.ToString(), visit.T["message"] + ", " + visit.T[message.Status.ToString().ToLowerInvariant()]);
            }
        }
        else if (JobName.TryParse(query, out var job))
        {
            if (services.Http.Jobs.Find(job) is { } found)
            {
                yield return new FoundLine("/work/jobs/" + query, query, visit.T["job"] + ", " + visit.T[found.State]);
            }
        }
        else if (query.Length >= 3)
        {
            var digits = query.Count(char.IsAsciiDigit);
            var isNumber = digits >= 3 && digits >= query.Length / 2;
            yield return new FoundLine(
                "/messages?q=" + Uri.EscapeDataString(query),
                visit.T["Messages: {0}", query],
                visit.T[isNumber ? "to this number, or one that ends so" : "with this reference"]);
        }
    }
}

/// <summary>Where a line of the palette leads, and what it says.</summary>
public sealed record FoundLine(string Path, string Name, string What);

/// <summary>The lines of the palette.</summary>
public sealed record FoundModel(IReadOnlyList<FoundLine> Lines);

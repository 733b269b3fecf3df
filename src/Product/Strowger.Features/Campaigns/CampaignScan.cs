using System.Text;
using Strowger.Features.Messaging;
using Strowger.Records.Campaigns;
using Strowger.Smpp.Text;

namespace Strowger.Features.Campaigns;

/// <summary>A row as it would be sent.</summary>
public sealed record ExampleText(long Line, string To, string Text, int Parts, TextEncoding Encoding, string Channel);

/// <summary>What goes through one route.</summary>
public sealed class RouteShare
{
    public required string Queue { get; init; }

    public required string Channel { get; init; }

    public long Rows { get; set; }

    public long Parts { get; set; }
}

/// <summary>What a file comes to: every row looked at once, as it would be sent.</summary>
public sealed class CampaignScan
{
    private readonly Dictionary<(string Zone, string Prefix), PassCount> _passes = [];
    private readonly Dictionary<string, RouteShare> _routes = new(StringComparer.Ordinal);

    private CampaignScan()
    {
    }

    public IReadOnlyList<string> Columns { get; private set; } = [];

    public char Delimiter { get; private set; }

    public long Rows { get; private set; }

    public long BadRows { get; private set; }

    public long GoodRows => Rows - BadRows;

    public long Parts { get; private set; }

    /// <summary>Parts of the longest text.</summary>
    public int MostParts { get; private set; }

    /// <summary>Texts by alphabet.</summary>
    public Dictionary<TextEncoding, long> Encodings { get; } = [];

    /// <summary>The first so many: <see cref="CampaignStore.MaxRefusedKept"/>.</summary>
    public List<RefusedRow> Refused { get; } = [];

    public List<ExampleText> Examples { get; } = [];

    public IReadOnlyCollection<RouteShare> Routes => _routes.Values;

    public IReadOnlyList<string> Prefixes { get; private set; } = [];

    /// <summary>Each standing before its first row.</summary>
    public IReadOnlyList<CampaignPass> Passes => [.. _passes.Select(p => p.Value.First with { Rows = p.Value.Rows, Parts = p.Value.Parts })];

    /// <summary>Passes with the queue that each goes into now.</summary>
    internal IEnumerable<(CampaignPass Pass, string Queue)> Queued => Passes.Zip(_passes.Values, (pass, count) => (pass, count.Queue));

    /// <summary>Looks at a whole file. Memory does not grow with it.</summary>
    public static async Task<(CampaignScan? Scan, RequestError? Error)> RunAsync(string path, CampaignSpec spec, CampaignDoor door, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(door);
        if (spec.Check(door) is { } wrong)
        {
            return (null, wrong);
        }

        var (rows, error) = await CampaignRows.OpenAsync(path, spec, cancel).ConfigureAwait(false);
        if (rows is null)
        {
            return (null, error);
        }

        using (rows)
        {
            // A channel of its own means one queue; beyond a bound the slower route holds up the faster.
            var prefixes = spec.Channel is not null || door.Prefixes.Count > CampaignLimits.MaxPrefixes ? [] : door.Prefixes;
            var scan = new CampaignScan { Columns = rows.Columns, Delimiter = rows.Delimiter, Prefixes = prefixes };
            await scan.ReadAsync(rows, spec, door, new Prefixes(prefixes), cancel).ConfigureAwait(false);
            return scan.GoodRows > 0 ? (scan, null) : (null, scan.NothingToSend());
        }
    }

    private async Task ReadAsync(CampaignRows rows, CampaignSpec spec, CampaignDoor door, Prefixes prefixes, CancellationToken cancel)
    {
        var (row, offset, line) = (rows.Row, rows.Offset, rows.NextLine);
        while (await rows.NextAsync(cancel).ConfigureAwait(false))
        {
            Rows++;
            if (rows.Check(door, out var text) is { } error)
            {
                BadRows++;
                if (Refused.Count < CampaignStore.MaxRefusedKept)
                {
                    Refused.Add(new RefusedRow(rows.Line, error.Code, error.Detail));
                }
            }
            else
            {
                rows.TryNumber(out var number);
                Count(number, spec.Hours, prefixes, text, (row, offset, line));
                if (Examples.Count < CampaignLimits.MaxExamples)
                {
                    Examples.Add(new ExampleText(rows.Line, number.ToString(), Encoding.UTF8.GetString(rows.Text), text.Parts, text.Encoding, text.Channel));
                }
            }

            (row, offset, line) = (rows.Row, rows.Offset, rows.NextLine);
        }
    }

    private void Count(Msisdn number, CampaignHours? hours, Prefixes prefixes, in CheckedText text, (long Row, long Offset, long Line) at)
    {
        Parts += text.Parts;
        MostParts = Math.Max(MostParts, text.Parts);
        Encodings[text.Encoding] = Encodings.GetValueOrDefault(text.Encoding) + 1;
        if (!_routes.TryGetValue(text.Queue, out var route))
        {
            _routes.Add(text.Queue, route = new RouteShare { Queue = text.Queue, Channel = text.Channel });
        }

        route.Rows++;
        route.Parts += text.Parts;
        var key = (ZoneOf(number, hours), prefixes.Of(number));
        if (!_passes.TryGetValue(key, out var pass))
        {
            pass = new PassCount(new CampaignPass(key.Item1, key.Item2, 0, 0, at.Row, at.Offset, at.Line, 0, false), text.Queue);
            _passes.Add(key, pass);
        }

        pass.Rows++;
        pass.Parts += text.Parts;
    }

    /// <summary>The recipient's own zone where the number tells it, else the campaign's; empty when there are no hours.</summary>
    internal static string ZoneOf(Msisdn number, CampaignHours? hours) =>
        hours is null ? string.Empty : CountryZones.Of(number) ?? hours.TimeZone;

    private RequestError NothingToSend() => RequestError.Of(
        "file", "nothing_to_send", Rows == 0 ? "there is no row below the header" : $"none of the {Rows} rows can be sent; the first, line {Refused[0].Line}: {Refused[0].Detail}");

    private sealed class PassCount(CampaignPass first, string queue)
    {
        public readonly CampaignPass First = first;
        public readonly string Queue = queue;
        public long Rows;
        public long Parts;
    }
}

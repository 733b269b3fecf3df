using System.Globalization;
using System.Text.RegularExpressions;
using Strowger.Features.Planning;

namespace Strowger.Server.ConsolePage;

/// <summary>A channel of the form, as it was typed.</summary>
/// <param name="IsOn">Counts.</param>
/// <param name="Name">Empty: it has none yet.</param>
/// <param name="Rate">Parts a second; empty: no limit.</param>
/// <param name="Binds">Connections.</param>
/// <param name="Window">Parts in flight a bind.</param>
/// <param name="Answer">Milliseconds.</param>
/// <param name="Price">Of a part; empty: not told.</param>
public sealed record PlanRow(bool IsOn, string Name, string Rate, string Binds, string Window, string Answer, string Price)
{
    public static PlanRow Empty { get; } = new(true, "", "", "", "", "", "");

    internal bool IsEmpty => Name.Length + Rate.Length + Binds.Length + Window.Length + Answer.Length + Price.Length == 0;

    internal static PlanRow Of(PlanChannel channel) => new(
        true, channel.Name, Shown(channel.Rate), Shown(channel.Binds), Shown(channel.Window), Shown(Math.Round(channel.Latency.TotalMilliseconds, 1)), channel.Price?.ToString("0.######", CultureInfo.InvariantCulture) ?? "");

    internal static string Shown(double? number) => number?.ToString("0.###", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>What is asked of a plan, as it was typed: the address holds all of it.</summary>
public sealed partial class PlanForm
{
    private readonly Visit _visit;

    private PlanForm(Visit visit, IReadOnlyList<PlanRow> rows, bool isAsked)
    {
        _visit = visit;
        Rows = rows;
        IsAsked = isAsked;
    }

    /// <summary>False: nobody has asked yet, and it holds what runs.</summary>
    public bool IsAsked { get; }

    /// <summary>With an empty one at the end, for a channel that might be.</summary>
    public IReadOnlyList<PlanRow> Rows { get; }

    public string? Problem { get; private set; }

    /// <summary>As typed, else as it would be.</summary>
    public string this[string name, string usual] => _visit.Query(name) ?? (IsAsked ? "" : usual);

    /// <param name="visit">Whose address says it.</param>
    /// <param name="live">The channels as they run.</param>
    public static PlanForm Read(Visit visit, IReadOnlyList<PlanChannel> live)
    {
        var query = visit.Context.Request.Query;
        var isAsked = query.ContainsKey("subscribers");
        var rows = isAsked ? Typed(query) : [.. live.Select(PlanRow.Of)];
        if (rows.Count < PlanLimits.MaxChannels)
        {
            rows.Add(PlanRow.Empty);
        }

        return new PlanForm(visit, rows, isAsked);
    }

    /// <summary>Null with <see cref="Problem"/> when something typed cannot be.</summary>
    public PlanInput? ToInput(string currency)
    {
        var input = new PlanInput
        {
            Subscribers = Whole("subscribers", 0),
            TextsEach = (int)Math.Min(Whole("texts", 1), int.MaxValue),
            PartsEach = (int)Math.Min(Whole("parts", 1), int.MaxValue),
            CodesPerSecond = Number(_visit.Query("codes")) ?? 0,
            Backlog = Whole("waiting", 0),
            Limit = TimeSpan.FromSeconds(Math.Min(Number(_visit.Query("limit")) ?? 60, 31_536_000)),
            Channels = [.. Rows.Where(row => row.IsOn && !row.IsEmpty).Select(ChannelOf)],
            Currency = currency,
            MaxSimulated = PlanLimits.MaxSimulatedLive,
        };
        if (Number(_visit.Query("hours")) is > 0 and var hours)
        {
            input = input with { PerHour = input.Texts / hours };
        }

        Problem ??= input.Channels.Count == 0 ? _visit.T["No channel is ticked: choose one that runs, or type one in the last row."]
            : input.Parts <= 0 && input.CodesPerSecond <= 0 ? _visit.T["Nothing to send: how many subscribers get a text?"]
            : input.Problem() is { } wrong ? _visit.T.Told(wrong) : null;
        return Problem is null ? input : null;
    }

    private static List<PlanRow> Typed(IQueryCollection query)
    {
        var rows = new List<PlanRow>();
        var on = query["on"].ToHashSet();
        for (var i = 0; i < Math.Min(query["rate"].Count, PlanLimits.MaxChannels); i++)
        {
            var row = new PlanRow(on.Contains(i.ToString(CultureInfo.InvariantCulture)), At("name", i), At("rate", i), At("binds", i), At("window", i), At("answer", i), At("price", i));
            if (!row.IsEmpty)
            {
                rows.Add(row);
            }
        }

        return rows;

        string At(string name, int i) => i < query[name].Count ? query[name][i]!.Trim() : "";
    }

    private PlanChannel ChannelOf(PlanRow row, int number)
    {
        var usual = new PlanChannel { Name = row.Name.Length is > 0 and <= 64 ? row.Name : _visit.T["channel {0}", number + 1] };
        return usual with
        {
            Rate = Number(row.Rate),
            Binds = (int)Math.Clamp(Number(row.Binds) ?? usual.Binds, int.MinValue, int.MaxValue),
            Window = (int)Math.Clamp(Number(row.Window) ?? usual.Window, int.MinValue, int.MaxValue),
            Latency = TimeSpan.FromMilliseconds(Math.Clamp(Number(row.Answer) ?? usual.Latency.TotalMilliseconds, -1, 1e9)),
            Price = Number(row.Price) is { } price ? (decimal)Math.Clamp(price, -1, 1e6) : null,
        };
    }

    private long Whole(string name, long usual)
    {
        if (_visit.Query(name) is not { } text)
        {
            return usual;
        }

        // Grouped as any of our readers group: 1,000,000 or 1 000 000 or 1.000.000.
        var plain = Grouped().IsMatch(text) ? string.Concat(text.Where(char.IsAsciiDigit)) : text;
        if (long.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        Problem ??= _visit.T["{0} is not a whole number.", Words.Cut(text)];
        return usual;
    }

    private double? Number(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (double.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= 1e12)
        {
            return value;
        }

        Problem ??= _visit.T["{0} is not a number.", Words.Cut(text)];
        return null;
    }

    [GeneratedRegex(@"^\d{1,3}([ ,.'\u00a0\u202f]\d{3})+$")]
    private static partial Regex Grouped();
}

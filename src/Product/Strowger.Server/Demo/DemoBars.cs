using Spectre.Console;
using Strowger.Server.ConsolePage;

namespace Strowger.Server.Demo;

/// <summary>
/// The campaign and the codes as they move: on a terminal four lines drawn again and again, elsewhere a line each tenth of the
/// campaign. What a code would wait in one plain queue stands below what it does wait, on the same scale.
/// </summary>
internal sealed class DemoBars(DemoScript script, IAnsiConsole screen, long accepted, double rate, bool isLive)
{
    private const int LabelWidth = 12;
    private const int MaxBar = 44;

    /// <summary>Of the words beside a bar.</summary>
    private const int WordsWidth = 26;
    private const int Looks = 17;

    private readonly Queue<(double At, long Sent)> _recent = new();
    private double _longestMs;
    private int _tenths;
    private int _drawn;

    /// <param name="sent">Texts the carrier has, codes included.</param>
    /// <param name="counted">When that was counted, in seconds of any one clock.</param>
    /// <param name="waiting">Null while the server is away.</param>
    /// <param name="codes">Codes accepted.</param>
    /// <param name="slowestMs">The slowest code so far.</param>
    /// <param name="plainMs">What a code would wait in one plain queue now.</param>
    public void Show(long sent, double counted, long? waiting, long codes, double slowestMs, double plainMs)
    {
        var perSecond = PerSecond(sent, counted);
        var campaign = Math.Min(accepted, Math.Max(0, sent - codes));
        var speed = waiting is null
            ? "the server is away; all that was accepted is on its disk"
            : $"{Words.PerSecond(perSecond)}, {Words.Percent(perSecond / rate)} of the carrier's limit";
        _longestMs = Math.Max(_longestMs, Math.Max(slowestMs, plainMs));
        if (isLive)
        {
            script.Draw(
            [
                Bar("campaign", (double)campaign / Math.Max(1, accepted), "teal", $"{Words.Count(campaign)} of {Words.Count(accepted)}", withRest: true),
                $"  {new string(' ', LabelWidth)}[grey]{Markup.Escape(speed)}[/]",
                Bar("codes", Share(slowestMs), "teal", $"{Ms(slowestMs)}, the slowest of {Words.Count(codes)}"),
                Bar("", Share(plainMs), "grey", waiting is null ? "" : $"{Ms(plainMs)} in one plain queue"),
            ]);
        }
        else if (accepted > 0 && (int)(campaign * 10 / accepted) is var tenths && tenths > _tenths)
        {
            _tenths = tenths;
            script.Line(Markup.Escape(
                $"  campaign {Words.Percent((double)campaign / accepted)} sent, {speed}; {Words.Count(codes)} codes, the slowest {Ms(slowestMs)}, in one plain queue it would be {Ms(plainMs)}"));
        }
    }

    public void Say(string text) => script.Line("  [yellow]›[/] " + Markup.Escape(text));

    /// <summary>Lines as markup, in place of those drawn last. Called under the script's lock.</summary>
    public void Redraw(IReadOnlyList<string> lines)
    {
        Clear();
        foreach (var line in lines)
        {
            screen.MarkupLine(line);
        }

        _drawn = lines.Count;
    }

    /// <summary>Takes the drawn lines away. Called under the script's lock.</summary>
    public void Clear()
    {
        if (_drawn > 0)
        {
            screen.Write(new ControlCode($"\u001b[{_drawn}A\u001b[J"));
            _drawn = 0;
        }
    }

    private double Share(double ms) => _longestMs > 0 ? ms / _longestMs : 0;

    /// <summary>To an eighth of a character; never so long that the line wraps, for a wrapped line could not be drawn over.</summary>
    private string Bar(string name, double share, string colour, string words, bool withRest = false)
    {
        var most = Math.Clamp(screen.Profile.Width - LabelWidth - WordsWidth - 4, 8, MaxBar);
        var eighths = (int)Math.Round(Math.Clamp(share, 0, 1) * most * 8);
        var part = eighths % 8 > 0 ? ((char)('█' + 8 - (eighths % 8))).ToString() : eighths == 0 && share > 0 ? "▏" : "";
        var full = new string('█', eighths / 8) + part;
        var rest = withRest ? new string('░', Math.Max(0, most - full.Length)) : "";
        return $"  {name.PadRight(LabelWidth)}[{colour}]{full}[/][grey]{rest}[/] {Markup.Escape(words)}";
    }

    private double PerSecond(long sent, double now)
    {
        _recent.Enqueue((now, sent));
        while (_recent.Count > Looks)
        {
            _recent.Dequeue();
        }

        var (at, before) = _recent.Peek();
        var seconds = now - at;
        return seconds > 0 ? (sent - before) / seconds : 0;
    }

    private static string Ms(double ms) => Words.Duration(TimeSpan.FromMilliseconds(ms));
}

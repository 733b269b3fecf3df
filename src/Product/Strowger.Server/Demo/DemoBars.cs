using System.Globalization;
using Spectre.Console;

namespace Strowger.Server.Demo;

/// <summary>Two live lines on a terminal; elsewhere one line every few seconds.</summary>
internal sealed class DemoBars(DemoScript script, IAnsiConsole screen, long accepted, double rate, bool isLive)
{
    private const int BarWidth = 30;
    private const int LinesBetween = 12;

    private readonly Queue<(long At, long Sent)> _recent = new();
    private int _looks;
    private bool _isDrawn;

    /// <param name="sent">Texts the carrier has, codes included.</param>
    /// <param name="waiting">Null while the server is away.</param>
    /// <param name="codes">Codes accepted.</param>
    /// <param name="slowestMs">The slowest code so far.</param>
    /// <param name="plainMs">What a code would wait in one plain queue now.</param>
    public void Show(long sent, long? waiting, long codes, double slowestMs, double plainMs)
    {
        var perSecond = PerSecond(sent);
        var campaign = Math.Min(accepted, Math.Max(0, sent - codes));
        var filled = (int)(BarWidth * campaign / Math.Max(1, accepted));
        var bar = new string('█', filled) + new string('░', BarWidth - filled);
        var first = string.Create(
            CultureInfo.InvariantCulture,
            $"  campaign  [blue]{bar}[/] {campaign,9:N0} of {accepted:N0}   {perSecond,7:N0} msg/s   {perSecond / rate,5:P0} of the carrier's limit{(waiting is null ? "   [yellow]server away[/]" : "")}");
        var second = string.Create(
            CultureInfo.InvariantCulture,
            $"  codes     {codes,6:N0} sent   slowest [bold]{slowestMs:N0} ms[/]   [grey]in one plain queue it would wait {plainMs / 1000:N1} s[/]");
        _looks++;
        if (isLive)
        {
            Clear();
            screen.MarkupLine(first);
            screen.MarkupLine(second);
            _isDrawn = true;
        }
        else if (_looks % LinesBetween == 1)
        {
            screen.MarkupLine(first);
            screen.MarkupLine(second);
        }
    }

    public void Say(string text) => script.Line("  [yellow]›[/] " + Markup.Escape(text));

    public void Clear()
    {
        if (_isDrawn)
        {
            _isDrawn = false;
            screen.Write(new ControlCode("\u001b[2A\u001b[J"));
        }
    }

    private double PerSecond(long sent)
    {
        var now = TimeProvider.System.GetTimestamp();
        _recent.Enqueue((now, sent));
        while (_recent.Count > 9)
        {
            _recent.Dequeue();
        }

        var (at, before) = _recent.Peek();
        var seconds = TimeProvider.System.GetElapsedTime(at, now).TotalSeconds;
        return seconds > 0 ? (sent - before) / seconds : 0;
    }
}

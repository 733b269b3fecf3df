using Spectre.Console;
using Strowger.Server.Cli;
using Strowger.Server.Cli.Verbs;

namespace Strowger.Server.Demo;

/// <summary>What the demo says: to standard error, so that <c>--json</c> has standard output for itself.</summary>
internal sealed class DemoScript(CliContext context, DemoOptions options)
{
    /// <summary>A log has no width to keep to.</summary>
    private const int LogWidth = 160;

    private readonly IAnsiConsole _screen = ScreenOf(context);
    private readonly Lock _gate = new();
    private DemoBars? _bars;

    private static IAnsiConsole ScreenOf(CliContext context)
    {
        var plain = Console.IsErrorRedirected || context.Environment.ContainsKey("NO_COLOR");
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(context.Error),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        screen.Profile.Width = Console.IsErrorRedirected ? LogWidth : screen.Profile.Width;
        return screen;
    }

    public void Address(string login)
    {
        Line("");
        foreach (var line in DemoStory.Opening(new Uri(login), Environment.UserName, Environment.MachineName))
        {
            Line("  " + (line.Contains(login, StringComparison.Ordinal) ? $"[bold underline]{Markup.Escape(line)}[/]" : Markup.Escape(line)));
        }

        Line("");
    }

    public void Accepted(long accepted, TimeSpan took, DateTimeOffset last) => Say(DemoStory.Safe(accepted, took, options.Rate, last));

    public void Returned(long live) => Say(DemoStory.Returned(live));

    public void Say(string text) => Line("  " + Markup.Escape(text));

    /// <summary>The server's own warnings are part of the story; the rest is in its log.</summary>
    public void ServerSaid(string line)
    {
        if (line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal))
        {
            Line("  [red]" + Markup.Escape(line) + "[/]");
        }
    }

    public DemoBars StartBars(long accepted) =>
        _bars = new DemoBars(this, _screen, accepted, options.Rate, !Console.IsErrorRedirected && _screen.Profile.Capabilities.Ansi);

    public void Line(string markup)
    {
        lock (_gate)
        {
            _bars?.Clear();
            _screen.MarkupLine(markup);
        }
    }

    /// <summary>Draws the bars anew, below all that was said.</summary>
    public void Draw(IReadOnlyList<string> lines)
    {
        lock (_gate)
        {
            _bars?.Redraw(lines);
        }
    }

    public void Table(DemoFigures figures)
    {
        if (options.Json)
        {
            DemoTable.WriteJson(context.Out, figures);
            context.Out.Flush();
        }

        Line("");
        _screen.Write(DemoTable.Of(figures, options.Rate));
        Line("");
        Line($"  [{(DemoTable.IsGood(figures) ? "green" : "red")} bold]{Markup.Escape(DemoTable.Verdict(figures))}[/]");
    }

    public void NextSteps()
    {
        Line("");
        foreach (var line in DemoStory.NextSteps)
        {
            Say(line);
        }
    }
}

using System.Globalization;
using System.Text.Json;
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

    public void Address(string login, int port)
    {
        Line("");
        Line($"  Console   [bold underline]{Markup.Escape(login)}[/]");
        Line($"            [grey](opens once; from another machine first: ssh -L {port}:127.0.0.1:{port} THIS-HOST)[/]");
        Line("");
    }

    public void Accepted(long accepted, TimeSpan took, DateTimeOffset last) => Line(string.Create(
        CultureInfo.InvariantCulture,
        $"  [bold]{accepted:N0}[/] texts safe on disk in {took.TotalSeconds:0.0} s; at {options.Rate:N0}/s the last leaves at [bold]{last:HH:mm:ss}[/]."));

    public void Returned(long live) => Line(string.Create(
        CultureInfo.InvariantCulture, $"  The server is back: [bold]{live:N0}[/] texts still there, and it goes on sending."));

    /// <summary>The server's own warnings are part of the story; the rest is in its log.</summary>
    public void ServerSaid(string line)
    {
        if (line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal))
        {
            Line("  [red]" + Markup.Escape(line) + "[/]");
        }
    }

    public DemoBars StartBars(long accepted) => _bars = new DemoBars(this, _screen, accepted, options.Rate, !Console.IsErrorRedirected && _screen.Profile.Capabilities.Ansi);

    public void Line(string markup)
    {
        lock (_gate)
        {
            _bars?.Clear();
            _screen.MarkupLine(markup);
        }
    }

    public void Table(DemoFigures figures)
    {
        if (options.Json)
        {
            context.Out.WriteLine(JsonSerializer.Serialize(figures, DemoJson.Default.DemoFigures));
            context.Out.Flush();
        }

        Line("");
        _screen.Write(DemoTable.Of(figures, options.Rate));
    }

    public void NextSteps()
    {
        Line("");
        Line("  What next:");
        Line("   1. A text to your own phone:   [bold]./strowger channels add[/]   asks for your carrier's host and password, binds, sends a test.");
        Line("   2. How long would a million take?   subscribers ÷ the carrier's rate; [bold]./strowger doctor[/] looks at this machine first.");
        Line("   3. Beside your Kannel:   give it Strowger as a carrier for one prefix, compare the counts, move the next.");
        Line("");
        Line("  A code a second keeps the console alive. Ctrl-C ends it.");
    }
}

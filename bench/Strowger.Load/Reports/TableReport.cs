using Spectre.Console;

namespace Strowger.Load.Reports;

/// <summary>The rows for people.</summary>
internal static class TableReport
{
    public static void Write(TextWriter output, IReadOnlyList<Row> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("name", "what", "measured", "target", "");
        foreach (var row in rows)
        {
            table.AddRow(
                new Text(row.Name), new Text(row.What), new Text(row.Measured), new Text(row.Target),
                row.Ok switch { true => new Markup("[green]ok[/]"), false => new Markup("[red]MISSED[/]"), null => new Text("") });
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        });
        if (Console.IsOutputRedirected)
        {
            // What is kept in a file is not to be broken to a terminal's width that nobody has.
            console.Profile.Width = 200;
        }

        console.Write(table);
    }
}

using System.Globalization;
using Spectre.Console;

namespace Strowger.Server.Cli.Sending;

/// <summary>A bar on a terminal; otherwise a line each tenth. Never on standard output.</summary>
internal static class ProgressView
{
    public static Task RunAsync(CliContext context, string title, Func<Action<double>, Task> work) =>
        context.IsInteractive ? BarAsync(context, title, work) : LinesAsync(context, title, work);

    private static Task BarAsync(CliContext context, string title, Func<Action<double>, Task> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask(Markup.Escape(title), maxValue: 1);
                await work(share => task.Value = share);
            });
    }

    private static Task LinesAsync(CliContext context, string title, Func<Action<double>, Task> work)
    {
        var told = 0;
        return work(share =>
        {
            var tenths = (int)(share * 10);
            if (tenths > told)
            {
                told = tenths;
                context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {tenths * 10} %"));
            }
        });
    }
}

using Strowger.Load.Reports;

namespace Strowger.Load;

/// <summary>One run: its options, its directory, and the rows measured so far.</summary>
internal sealed class LoadRun(LoadOptions options, string directory)
{
    private readonly List<Row> _rows = [];
    private int _directories;

    public LoadOptions Options { get; } = options;

    public IReadOnlyList<Row> Rows => _rows;

    /// <summary>The measurement that runs now: the name of its rows.</summary>
    public string Current { get; set; } = "";

    public void Tell(string line) => Options.Progress.WriteLine(line);

    /// <summary>An empty directory on the measured disk.</summary>
    public string NewDirectory(string name) =>
        Directory.CreateDirectory(Path.Combine(directory, $"{name}-{++_directories}")).FullName;

    /// <summary>A row on which nothing is asked.</summary>
    public void Note(string what, string measured, params (string, double)[] figures) => Add(new Row(Current, what, measured) { Figures = figures });

    public void AtLeast(string what, double measured, double target, Func<double, string> words, params (string, double)[] figures) =>
        Judge(what, measured, words, "≥ " + words(target), measured >= target, figures);

    public void AtMost(string what, double measured, double target, Func<double, string> words, params (string, double)[] figures) =>
        Judge(what, measured, words, "≤ " + words(target), measured <= target, figures);

    public void Add(Row row)
    {
        _rows.Add(row);
        var verdict = row.Ok switch { true => "ok", false => "MISSED", null => "" };
        Tell($"{row.Name,-8} {row.What}: {row.Measured}{(row.Target.Length > 0 ? $" (target {row.Target}) {verdict}" : "")}");
    }

    private void Judge(string what, double measured, Func<double, string> words, string target, bool ok, (string, double)[] figures) =>
        Add(new Row(Current, what, words(measured), target, ok) { Figures = figures });
}

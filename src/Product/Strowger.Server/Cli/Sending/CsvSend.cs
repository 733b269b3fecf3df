using Strowger.Features.Messaging;

namespace Strowger.Server.Cli.Sending;

/// <summary>Streams a file of subscribers to the server; memory does not grow with the file.</summary>
internal sealed class CsvSend(ApiClient api, TimeProvider time, SendOptions options, string sendId)
{
    /// <param name="path">A CSV file with a header row.</param>
    /// <param name="toColumn">The column of numbers.</param>
    /// <param name="text">With {column} where a row's field goes.</param>
    /// <param name="progress">Told the share of the file dealt with, 0 to 1.</param>
    /// <param name="report">Filled on the way: right also when this throws.</param>
    /// <param name="ct">Stops between two requests.</param>
    public async Task RunAsync(string path, string toColumn, string text, Action<double> progress, SendReport report, CancellationToken ct)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        var reader = new CsvReader(file);
        if (!await reader.ReadHeaderAsync(ct))
        {
            throw new CliException($"{path}: {reader.Explain()}");
        }

        var to = reader.Find(toColumn);
        if (to < 0)
        {
            throw new CliException($"{path} has no column '{toColumn}'; it has {string.Join(", ", reader.Columns)}. Name the column of numbers with --to-column.");
        }

        var template = Template.Parse(text, reader.Columns, out var error) ?? throw new CliException($"--text: {error}", isUsage: true);
        var poster = new BatchPoster(api, time, report, sendId);
        using var batch = new CsvBatch();
        while (await reader.ReadRowAsync(ct))
        {
            if (reader.Problem != CsvProblem.None)
            {
                report.Reject(new RejectedRow(reader.Line, "bad_row", reader.Explain()));
                continue;
            }

            batch.Add(reader, to, template, options);
            if (batch.IsFull)
            {
                await poster.PostAsync(batch, ct);
                batch.Clear();
                progress(file.Length == 0 ? 1 : file.Position / (double)file.Length);
            }
        }

        await poster.PostAsync(batch, ct);
        progress(1);
    }
}

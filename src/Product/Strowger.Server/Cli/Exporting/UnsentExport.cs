using System.CommandLine;
using System.Text.Json;
using Strowger.Engine;
using Strowger.Server.Export;

namespace Strowger.Server.Cli.Exporting;

/// <summary>Texts that have not left: from the server, or from the data directory of one that does not run.</summary>
internal static class UnsentExport
{
    public static readonly string[] Columns =
        ["to", "from", "text", "data_hex", "priority", "send_at", "expires_in", "generated_at", "reference", "campaign", "channel", "callback_url", "tlvs"];

    public static async Task RunAsync(CliContext context, ParseResult parsed, bool withInFlight, RowWriter rows, CancellationToken ct)
    {
        var data = GlobalOptions.DataDirectory(parsed, context);
        var isElsewhere = parsed.GetValue(GlobalOptions.Data) is null && !string.IsNullOrEmpty(context.Environment.GetValueOrDefault(ApiClient.UrlVariable));
        var left = !isElsewhere && !File.Exists(Path.Combine(data, ApiClient.SocketName))
            ? await FromFilesAsync(context, data, withInFlight, rows, ct)
            : await FromServerAsync(context, parsed, data, withInFlight, rows, ct);
        context.Error.WriteLine($"{rows.Count} texts that have not left{(left > 0 ? $"; {left} parts are in carriers' hands and left out (--in-flight takes them too)" : "")}");
    }

    private static async Task<long> FromServerAsync(CliContext context, ParseResult parsed, string data, bool withInFlight, RowWriter rows, CancellationToken ct)
    {
        using var api = ApiClient.Connect(context, parsed);
        try
        {
            return await api.ReadLinesAsync(ApiClient.Query("v1/exports/unsent", ("in_flight", withInFlight ? 1 : null)), rows.Write, ct);
        }
        catch (ApiException error) when (error.Status is null && api.IsLocal && rows.Count == 0)
        {
            // A socket left behind by a kill. The lock tells whether a server runs.
            return await FromFilesAsync(context, data, withInFlight, rows, ct);
        }
    }

    private static async Task<long> FromFilesAsync(CliContext context, string data, bool withInFlight, RowWriter rows, CancellationToken ct)
    {
        if (!Directory.Exists(Path.Combine(data, "journal")))
        {
            throw new CliException($"There is no journal in {data}. Name the data directory with --data DIR.");
        }

        await using var engine = JobEngine.Open(new EngineOptions { Directory = data }, context.Time, new Random());
        var texts = new UnsentTexts(engine, context.Time, withInFlight);
        using var line = new NdjsonChunk();
        foreach (var job in texts.Jobs())
        {
            ct.ThrowIfCancellationRequested();
            line.Add(texts, job);
            if (line.Length > 0)
            {
                using var json = JsonDocument.Parse(line.Bytes);
                rows.Write(json.RootElement);
                line.Clear();
            }
        }

        return texts.InFlight;
    }
}

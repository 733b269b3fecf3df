using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Strowger.Load.Machine;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Measurements;

/// <summary>
/// A campaign's file of a gigabyte as spreadsheets write them: byte order mark, semicolons, quotes with delimiters, quotes and line ends in
/// them, blank lines, rows that are no numbers. Every row is looked at, the counts are right, and the memory does not follow the file.
/// </summary>
internal static class WildFile
{
    private const long Octets = 1L << 30;
    private const int BlockRows = 20_000;
    private const int BadEvery = 5_000;
    private const int BlankEvery = 1_000;
    private const double TargetRows = 100_000;
    private const double TargetGrowth = 100e6;
    private const string Campaign = """{"name":"wild","from":"12345","text":"Hello {name}, {note}"}""";

    public static async Task RunAsync(LoadRun run, CancellationToken ct)
    {
        await using var gateway = await Gateway.StartAsync(run, ct, new JsonObject { ["Name"] = "store", ["Kind"] = "discard" }).ConfigureAwait(false);
        await PreviewAsync(gateway, new Rows(Octets / 64), ct).ConfigureAwait(false);
        var before = ProcessUse.ResidentBytes(gateway.ProcessId);
        var rows = new Rows((long)(Octets * run.Options.Scale(100) / 100.0));
        var start = Stopwatch.GetTimestamp();
        var preview = await PreviewAsync(gateway, rows, ct).ConfigureAwait(false);
        var perSecond = rows.Written / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var (all, bad) = (preview.GetProperty("rows").GetInt64(), preview.GetProperty("bad_rows").GetInt64());
        if ((all, bad) != (rows.Written, rows.Bad))
        {
            throw new IOException($"Of {rows.Written} rows with {rows.Bad} bad ones the server saw {all} and {bad}.");
        }

        run.AtLeast($"a file of {Words.Bytes(rows.Octets)}, {Words.Count(all)} rows as spreadsheets write them, looked at from first to last", perSecond, TargetRows, Words.PerSecond, ("rows_per_second", perSecond), ("rows", all), ("bad_rows", bad));
        var grown = ProcessUse.PeakResidentBytes(gateway.ProcessId) - before;
        run.AtMost("… resident memory at its peak, over what it was after a small one", Math.Max(0, grown), TargetGrowth, Words.Bytes, ("grown_bytes", grown));
    }

    private static async Task<JsonElement> PreviewAsync(Gateway gateway, Rows rows, CancellationToken ct)
    {
        using var fields = new StringContent(Campaign, MediaTypeHeaderValue.Parse("application/json"));
        using var form = new MultipartFormDataContent { { fields, "campaign" }, { rows, "file", "wild.csv" } };
        return await gateway.PostAsync("/v1/campaigns?dry_run=1", form, ct).ConfigureAwait(false);
    }

    /// <summary>Written as it is sent.</summary>
    private sealed class Rows(long octets) : HttpContent
    {
        public long Written { get; private set; }

        public long Bad { get; private set; }

        public long Octets { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await WriteAsync(stream, "\uFEFFto;name;note\r\n").ConfigureAwait(false);
            while (Octets < octets)
            {
                await WriteAsync(stream, Block()).ConfigureAwait(false);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        private async Task WriteAsync(Stream stream, string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Octets += bytes.Length;
            await stream.WriteAsync(bytes).ConfigureAwait(false);
        }

        private string Block()
        {
            var text = new StringBuilder(BlockRows * 120);
            for (var i = 0; i < BlockRows; i++, Written++)
            {
                var isBad = Written % BadEvery == 7;
                Bad += isBad ? 1 : 0;
                text.Append(Written % BlankEvery == 3 ? "\r\n" : "").Append(isBad ? "none yet" : string.Create(CultureInfo.InvariantCulture, $"+4670{Written % 10_000_000:D7}"));
                text.Append(CultureInfo.InvariantCulture, $";\"Kund {Written}\";\"a note; with \"\"quotes\"\",{(Written % 10 == 0 ? "\r\n" : " ")}åäö, and some more words that make it long\"\r\n");
            }

            return text.ToString();
        }
    }
}

using System.Globalization;
using Spectre.Console;

namespace Strowger.Server.Demo;

/// <summary>The figures in words; each was measured in this run.</summary>
internal static class DemoTable
{
    public static Table Of(DemoFigures f, double rate)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("");
        table.AddColumn(new TableColumn("").RightAligned());
        table.AddColumn("");
        table.HideHeaders();
        Row(table, "accepted", f.Accepted, "answered only when on disk");
        Row(table, "sent", f.Sent, "different texts that the carrier has");
        Row(table, "delivered", f.Delivered, "with the handset's receipt");
        Row(table, "failed", f.Failed, "the carrier says so: one in a hundred, as it was told to");
        Row(table, "unknown", f.Unknown, "nobody knows");
        Row(table, "[bold]lost[/]", f.Lost, f.Lost == 0 ? "[green]none[/]" : "[red]accepted and gone[/]");
        Row(table, "sent twice", f.Duplicated, f.Kill is null ? "" : "in flight at the kill, sent again to be sure");
        table.AddRow("limit exceeded", Number(f.LimitExceededSeconds) + " s", f.LimitExceededSeconds == 0 ? "[green]never[/]" : "seconds in which the carrier refused");
        table.AddRow("limit used", f.RateUsed.ToString("P1", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{f.MsgPerS:N0} of {rate:N0} a second while there was work"));
        table.AddRow("codes", $"{Ms(f.CodesMs.P50)} / {Ms(f.CodesMs.P99)}", $"p50 / p99 to the carrier's answer, slowest {Ms(f.CodesMs.Max ?? 0)}; in one plain queue up to {Ms(f.PlainQueueMs)}");
        table.AddRow("campaign", $"{Ms(f.CampaignMs.P50)} / {Ms(f.CampaignMs.P99)}", "p50 / p99: as fast as the carrier's limit lets it");
        if (f.Kill is var (before, after))
        {
            table.AddRow("kill -9", Number(after), string.Create(CultureInfo.InvariantCulture, $"waiting when it came back, of {before:N0} before (some left in between)"));
        }

        return table;
    }

    private static void Row(Table table, string name, long value, string words) => table.AddRow(name, Number(value), words);

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ms(double ms) => ms >= 10_000
        ? string.Create(CultureInfo.InvariantCulture, $"{ms / 1000:N1} s")
        : string.Create(CultureInfo.InvariantCulture, $"{ms:N0} ms");
}

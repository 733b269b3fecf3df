using Strowger.Load.Carriers;
using Strowger.Load.Machine;
using Strowger.Load.Processes;
using Strowger.Load.Reports;

namespace Strowger.Load.Tests;

public sealed class FigureTests
{
    [Fact]
    public void Quantiles_are_values_that_were_measured()
    {
        var quantiles = new Quantiles(Enumerable.Range(1, 200).Select(i => (double)i).Reverse());
        Assert.Equal((100, 198, 200, 1), (quantiles.At(0.5), quantiles.At(0.99), quantiles.At(1), quantiles.At(0)));
        Assert.True(double.IsNaN(new Quantiles([]).At(0.5)));
    }

    [Fact]
    public void A_histogram_is_right_within_three_percent()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 20_000).Select(_ => Math.Exp(random.NextDouble() * 14) / 1000).ToArray();
        var histogram = new LatencyHistogram();
        Array.ForEach(values, histogram.Add);
        var exact = new Quantiles(values);
        foreach (var share in (double[])[0.01, 0.5, 0.9, 0.99, 0.999, 1])
        {
            Assert.InRange(histogram.At(share), exact.At(share) * 0.96, (exact.At(share) * 1.04) + 0.002);
        }

        histogram.Add(1e12);
        Assert.Equal(3_600_000, histogram.MaxMs);
        Assert.True(double.IsNaN(new LatencyHistogram().At(0.5)));
    }

    [Fact]
    public void Processor_time_is_read_whatever_the_program_is_called() =>
        Assert.Equal(1234 + 567, ProcessUse.ParseCpu("42 (a) b (c)) S 1 42 42 0 -1 4194560 1 2 3 4 1234 567 8 9 20 0 7 0 100 1000 200 18446744073709551615"));

    [Fact]
    public void This_process_uses_the_machine()
    {
        Assert.True(ProcessUse.ResidentBytes(Environment.ProcessId) > 1 << 20);
        Assert.True(ProcessUse.PeakResidentBytes(Environment.ProcessId) >= ProcessUse.ResidentBytes(Environment.ProcessId) / 2);
        Assert.True(ProcessUse.OpenFiles(Environment.ProcessId) > 2);
        Assert.Equal(0, ProcessUse.CpuSeconds(int.MaxValue));
        Assert.NotEqual("unknown file system", MachineFacts.FileSystemOf("/"));
    }

    [Fact]
    public void Metrics_are_summed_over_their_labels()
    {
        const string Text = "# HELP a_b x\na_b{p=\"1\"} 3\na_b{p=\"2\"} 4.5\na_bc 100\na 7\n";
        Assert.Equal(7.5, PrometheusText.Sum(Text, "a_b"));
        Assert.Equal(7, PrometheusText.Sum(Text, "a"));
        Assert.Null(PrometheusText.Sum(Text, "c"));
    }

    [Fact]
    public void A_token_is_what_stands_behind_the_last_hash()
    {
        Assert.Equal(42, ArrivalCarrier.ReadToken("Code #1 is #000000042"u8));
        Assert.Equal(0, ArrivalCarrier.ReadToken("no token"u8));
    }

    [Fact]
    public void Times_are_kept_by_token_in_a_ring()
    {
        var times = new TokenTimes(8);
        times.Ask(3);
        Assert.Null(times.ArrivedAfter(3));
        Assert.True(times.Arrive(3) >= 0);
        Assert.NotNull(times.ArrivedAfter(3));
        Assert.Equal(0, times.AnsweredAt(3));
        times.Ask(11);
        Assert.Null(times.ArrivedAfter(11));
        Assert.True(double.IsNaN(times.Arrive(4)));
        Assert.Equal(2, times.Arrivals);
    }

    [Fact]
    public void Json_has_a_row_for_each_figure()
    {
        using var output = new StringWriter();
        JsonReport.Write(output, [new Row("a", "what", "1/s", "≥ 2/s", false) { Figures = [("x", 1.5), ("y", double.NaN)] }, new Row("b", "told", "3")]);
        var json = System.Text.Json.JsonDocument.Parse(output.ToString()).RootElement;
        Assert.False(json.GetProperty("ok").GetBoolean());
        Assert.Equal(1.5, json.GetProperty("rows")[0].GetProperty("x").GetDouble());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("rows")[0].GetProperty("y").ValueKind);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, json.GetProperty("rows")[1].GetProperty("ok").ValueKind);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Strowger.Smpp;

namespace Strowger.Simulators.Tests;

public sealed partial class CarrierSimulatorTests
{
    [Fact]
    public async Task Accepts_within_the_bucket_and_throttles_what_is_over()
    {
        await using var run = CarrierRun.Start(new() { Rate = 200 });
        var (client, inbox) = await run.BindAsync();
        long start = Stopwatch.GetTimestamp();
        Submit(client, 0, 300);
        int accepted = 0;
        for (int i = 0; i < 300; i++)
        {
            accepted += (await inbox.NextAsync()).Contains("ESME_ROK", StringComparison.Ordinal) ? 1 : 0;
        }

        var took = Stopwatch.GetElapsedTime(start);
        Assert.InRange(accepted, 20, 21 + (int)(took.TotalSeconds * 200));
        var report = run.Report();
        Assert.Equal((300, accepted, 300 - accepted), ((int)report["submits"]!, (int)report["accepted"]!, (int)report["throttled"]!));
        Assert.InRange((int)report["over_limit_seconds"]!, 1, 2);
        Assert.Equal((accepted, 0), ((int)report["distinct"]!, (int)report["duplicates"]!));
        Assert.Equal(accepted, report["pace"]!["accepted_per_second"]!.AsArray().Sum(n => (int)n!));
        Assert.Equal(1, (int)report["binds_now"]!);
    }

    [Theory]
    [InlineData(ReceiptIdQuirk.AsIs)]
    [InlineData(ReceiptIdQuirk.Hex)]
    [InlineData(ReceiptIdQuirk.Decimal)]
    [InlineData(ReceiptIdQuirk.Upper)]
    [InlineData(ReceiptIdQuirk.Lower)]
    [InlineData(ReceiptIdQuirk.LeadingZeros)]
    [InlineData(ReceiptIdQuirk.NoZeros)]
    public async Task Receipts_carry_the_id_in_the_shape_asked_for(ReceiptIdQuirk quirk)
    {
        await using var run = CarrierRun.Start(new() { ReceiptIds = quirk, ReceiptDelay = TimeSpan.FromMilliseconds(1) });
        var (client, inbox) = await run.BindAsync();
        Submit(client, 0, 1);
        string answered = (await inbox.UntilAsync("response 0 ESME_ROK")).Split(' ')[3];
        var receipt = ReceiptPattern().Match(await inbox.UntilAsync("deliver"));
        Assert.True(receipt.Success);
        string given = receipt.Groups["id"].Value;
        Assert.Equal(given, receipt.Groups["tlv"].Value);
        Assert.Equal(quirk == ReceiptIdQuirk.AsIs, answered == given);
        Assert.Equal(Value(answered, quirk is ReceiptIdQuirk.Decimal or ReceiptIdQuirk.Upper or ReceiptIdQuirk.Lower),
            Value(given, quirk is ReceiptIdQuirk.Hex or ReceiptIdQuirk.Upper or ReceiptIdQuirk.Lower));
        Assert.Equal(("46700000000", "Strowger", "DELIVRD"), (receipt.Groups["from"].Value, receipt.Groups["to"].Value, receipt.Groups["stat"].Value));
    }

    [Theory]
    [InlineData(ReceiptFormat.TlvOnly, @"^deliver 4 46700000000>Strowger \[\d+\] $")]
    [InlineData(ReceiptFormat.TextOnly, @"^deliver 4 46700000000>Strowger \[-\] id:\d+ sub:001 dlvrd:001 submit date:\d{10} done date:\d{10} stat:DELIVRD err:000 text:$")]
    [InlineData(ReceiptFormat.NoBlank, @"submitdate:\d{10} donedate:\d{10} stat:DELIVRD")]
    [InlineData(ReceiptFormat.LongDates, @"submit date:\d{12} done date:\d{12}")]
    [InlineData(ReceiptFormat.Short, @"\[-\] id:\d+ stat:DELIVRD err:000$")]
    [InlineData(ReceiptFormat.OddCase, @"stat:delivrd err:000 Text:$")]
    [InlineData(ReceiptFormat.NotSwapped, @"^deliver 4 Strowger>46700000000")]
    [InlineData(ReceiptFormat.Doubled, "stat:ENROUTE")]
    public async Task Receipts_come_in_the_format_asked_for(ReceiptFormat format, string pattern)
    {
        await using var run = CarrierRun.Start(new() { ReceiptFormat = format, ReceiptDelay = TimeSpan.FromMilliseconds(1) });
        var (client, inbox) = await run.BindAsync();
        Submit(client, 0, 1);
        Assert.Matches(pattern, await inbox.UntilAsync("deliver"));
        if (format == ReceiptFormat.Doubled)
        {
            Assert.Contains("stat:DELIVRD", await inbox.UntilAsync("deliver"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Receipt_may_come_before_the_answer_and_may_say_undelivered()
    {
        await using var run = CarrierRun.Start(new() { ReceiptFirst = true, FailShare = 1, Delay = TimeSpan.FromMilliseconds(5) });
        var (client, inbox) = await run.BindAsync();
        Submit(client, 0, 1);
        Assert.Contains("stat:UNDELIV err:001", await inbox.NextAsync(), StringComparison.Ordinal);
        Assert.StartsWith("response 0 ESME_ROK", await inbox.NextAsync(), StringComparison.Ordinal);
        var receipts = run.Report()["receipts"]!;
        Assert.Equal(1, (int)receipts["created"]!);
    }

    [Theory]
    [InlineData(ReceiptIdQuirk.AsIs)]
    [InlineData(ReceiptIdQuirk.Decimal)]
    [InlineData(ReceiptIdQuirk.NoZeros)]
    public async Task A_query_is_told_the_state_even_when_the_receipt_is_lost(ReceiptIdQuirk quirk)
    {
        await using var run = CarrierRun.Start(new() { ReceiptShare = 0, ReceiptDelay = TimeSpan.FromMinutes(1), ReceiptIds = quirk });
        var (client, inbox) = await run.BindAsync();
        Submit(client, 0, 1);
        byte[] id = Encoding.ASCII.GetBytes((await inbox.NextAsync()).Split(' ')[3]);
        Assert.Equal(new QueryResult(QueryOutcome.Answered, 0, 1, 0, ""), await QueryAsync(id));
        run.Execute("""{"cmd":"set","receipt_delay":0,"fail_share":1}""");
        Submit(client, 1, 1);
        id = Encoding.ASCII.GetBytes((await inbox.NextAsync()).Split(' ')[3]);
        var final = await QueryAsync(id);
        Assert.Equal((0u, 5), (final.Status, final.MessageState));
        Assert.Matches(@"^\d{12}000\+$", final.FinalDate);
        Assert.Equal(CommandStatus.InvalidMessageId, (await QueryAsync("12"u8.ToArray())).Status);

        Task<QueryResult> QueryAsync(byte[] messageId) =>
            client.QueryAsync(new QuerySm { MessageId = messageId }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Receipts_wait_for_a_bind_that_can_take_them()
    {
        await using var run = CarrierRun.Start(new() { ReceiptDelay = TimeSpan.FromMilliseconds(1) });
        var (transmitter, sent) = await run.BindAsync(change: o => o with { BindMode = BindMode.Transmitter });
        Submit(transmitter, 0, 500);
        for (int i = 0; i < 500; i++)
        {
            await sent.UntilAsync("response");
        }

        var (_, received) = await run.BindAsync(change: o => o with { BindMode = BindMode.Receiver });
        for (int i = 0; i < 500; i++)
        {
            await received.UntilAsync("deliver 4");
        }

        Assert.Equal(0, (int)run.Report()["receipts"]!["dropped"]!);
    }

    [Fact]
    public async Task Duplicates_are_counted_by_content_or_by_token()
    {
        await using var run = CarrierRun.Start();
        var (client, inbox) = await run.BindAsync();
        await SubmitTextsAsync("one #1", "one #1", "two #1", "one #2");
        Assert.Equal((3, 1), Counts());
        run.Execute("""{"cmd":"reset"}""");
        run.Execute("""{"cmd":"set","key_by_token":true}""");
        await SubmitTextsAsync("one #1", "one #1", "two #1", "one #2", "no token", "no token 2");
        Assert.Equal((4, 2), Counts());

        async Task SubmitTextsAsync(params string[] texts)
        {
            foreach (string text in texts)
            {
                client.TrySubmit(0, new SubmitSm { Destination = "1"u8, ShortMessage = Encoding.ASCII.GetBytes(text) });
            }

            client.Flush();
            foreach (string _ in texts)
            {
                await inbox.UntilAsync("response");
            }
        }

        (int, int) Counts()
        {
            var report = run.Report();
            return ((int)report["distinct"]!, (int)report["duplicates"]!);
        }
    }

    [Fact]
    public async Task Errors_windows_and_black_holes_do_as_told()
    {
        await using var run = CarrierRun.Start(new() { Errors = [(CommandStatus.SystemError, 1)] });
        var (client, inbox) = await run.BindAsync();
        Submit(client, 0, 1);
        Assert.Equal("response 0 ESME_RSYSERR ", await inbox.NextAsync());

        Assert.True((bool)run.Execute("""{"cmd":"set","errors":{"0x08":0},"window":2,"delay":"200ms"}""")["ok"]!);
        Submit(client, 1, 3);
        Assert.Equal("response 3 ESME_RTHROTTLED ", await inbox.NextAsync());
        Assert.StartsWith("response 1 ESME_ROK", await inbox.NextAsync(), StringComparison.Ordinal);
        Assert.StartsWith("response 2 ESME_ROK", await inbox.NextAsync(), StringComparison.Ordinal);

        run.Execute("""{"cmd":"set","window":0,"delay":0,"black_hole":true}""");
        Submit(client, 10, 1);
        while ((int)run.Report()["swallowed"]! == 0)
        {
            await Task.Yield();
        }

        Assert.Equal(1, client.Outstanding);
        run.Execute("""{"cmd":"disconnect","bind":0}""");
        Assert.Equal("unanswered 10 ConnectionLost", await inbox.NextAsync());
        var report = run.Report();
        Assert.Equal((1, 1, 2, 1), ((int)report["errors"]!, (int)report["window_exceeded"]!, (int)report["accepted"]!, (int)report["disconnects"]!));
    }

    [Fact]
    public async Task Outage_refuses_connections_and_the_same_port_comes_back()
    {
        await using var run = CarrierRun.Start();
        var (_, inbox) = await run.BindAsync(change: o => o with { ReconnectMin = TimeSpan.FromMilliseconds(20), ReconnectMax = TimeSpan.FromMilliseconds(50) });
        run.Execute("""{"cmd":"outage","seconds":0.3}""");
        await inbox.UntilAsync("BackingOff: ");
        await inbox.UntilAsync($"BackingOff: 127.0.0.1:{run.Carrier.EndPoint!.Port}: connection refused");
        await inbox.UntilAsync("Bound");
        Assert.Equal((1, 2), ((int)run.Report()["disconnects"]!, (int)run.Report()["binds_total"]!));
    }

    [Fact]
    public async Task Binds_can_be_refused_by_name_password_or_order()
    {
        await using var run = CarrierRun.Start(options: new() { SystemId = "esme", Password = "pw" });
        await run.BindAsync();
        await run.BindAsync(BindState.Refused, systemId: "other");
        await run.BindAsync(BindState.Refused, change: o => o with { Password = "no" });
        run.Execute("""{"cmd":"set","refuse_binds":"0x0D"}""");
        await run.BindAsync(BindState.BackingOff);
        Assert.Equal(3, (int)run.Report()["binds_refused"]!);
    }

    [Fact]
    public async Task Incoming_texts_come_on_command_and_at_a_rate()
    {
        await using var run = CarrierRun.Start();
        Assert.False((bool)run.Execute("""{"cmd":"mo","text":"x"}""")["ok"]!);
        var (_, inbox) = await run.BindAsync();
        run.Execute("""{"cmd":"mo","from":"46709","to":"123","text":"STOP"}""");
        Assert.Equal("deliver 0 46709>123 [-] STOP", await inbox.NextAsync());
        Assert.Contains("short_message is longer", (string)run.Execute($$"""{"cmd":"mo","text":"{{new string('x', 255)}}"}""")["error"]!, StringComparison.Ordinal);
        run.Execute("""{"cmd":"set","mo_rate":200}""");
        Assert.EndsWith("Incoming text #1", await inbox.NextAsync(), StringComparison.Ordinal);
        Assert.EndsWith("Incoming text #2", await inbox.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_reader_fills_the_line_and_random_cuts_happen()
    {
        await using var run = CarrierRun.Start(new() { ReadDelay = TimeSpan.FromHours(1) });
        var (client, inbox) = await run.BindAsync(change: o => o with { ReconnectMin = TimeSpan.FromMilliseconds(10), ReconnectMax = TimeSpan.FromMilliseconds(20) });
        Submit(client, 0, 5);
        Assert.Equal(0, (int)run.Report()["submits"]!);
        run.Execute("""{"cmd":"set","read_delay":0}""");
        for (int i = 0; i < 5; i++)
        {
            Assert.StartsWith("response", await inbox.NextAsync(), StringComparison.Ordinal);
        }

        run.Execute("""{"cmd":"set","mean_disconnect":"20ms"}""");
        await inbox.UntilAsync("BackingOff");
        await inbox.UntilAsync("Bound");
        await inbox.UntilAsync("BackingOff");
    }

    [Fact]
    public async Task Control_lines_work_by_reader_and_by_tcp_and_bad_ones_are_explained()
    {
        using var carrier = new CarrierSimulator(new() { Control = new IPEndPoint(IPAddress.Loopback, 0) }, TimeProvider.System);
        await using var ready = new LineWriter();
        using var commands = new StringReader("{\"cmd\":\"set\",\"rate\":200}\n\nnonsense\n{\"cmd\":\"fly\"}\n{\"cmd\":\"set\",\"rate\":-1,\"colour\":1}\n");
        var run = carrier.RunAsync(ready, commands, TestContext.Current.CancellationToken);
        List<string> lines = [];
        while (lines.Count < 5)
        {
            lines.Add(await ready.Lines.Reader.ReadAsync(TestContext.Current.CancellationToken));
        }

        var first = JsonNode.Parse(lines[0])!;
        Assert.Equal(("ready", carrier.EndPoint!.ToString()), ((string)first["event"]!, (string)first["listen"]!));
        Assert.Equal("""{"ok":true,"event":"set"}""", lines[1]);
        Assert.StartsWith("""{"ok":false""", lines[2], StringComparison.Ordinal);
        Assert.Contains("cmd is one of", lines[3], StringComparison.Ordinal);
        Assert.Contains("allowed is 0 to 10000000", lines[4], StringComparison.Ordinal);
        Assert.Contains("no setting of this name", lines[4], StringComparison.Ordinal);
        Assert.Equal(200, carrier.Settings.Rate);

        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPEndPoint.Parse((string)first["control"]!), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tcp.GetStream());
        await tcp.GetStream().WriteAsync("{\"cmd\":\"settings\"}\n{\"cmd\":\"stop\"}\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var settings = JsonNode.Parse((await reader.ReadLineAsync(TestContext.Current.CancellationToken))!)!;
        Assert.Equal(200, (int)settings["rate"]!);
        await run.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_port_in_use_is_an_error_at_the_start()
    {
        await using var run = CarrierRun.Start();
        using var second = new CarrierSimulator(new() { Listen = run.Carrier.EndPoint! }, TimeProvider.System);
        await Assert.ThrowsAsync<SocketException>(() => second.RunAsync(TextWriter.Null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Takes_more_than_a_hundred_thousand_a_second()
    {
        const int Messages = 200_000;
        await using var run = CarrierRun.Start();
        var pump = new Pump(Messages);
        var options = new SmppClientOptions { Host = "127.0.0.1", Port = run.Carrier.EndPoint!.Port, Window = 100 };
        await using var client = new SmppClient(options, pump, TimeProvider.System, new Random(1));
        pump.Client = client;
        client.Start();
        long start = Stopwatch.GetTimestamp();
        await pump.Done.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Messages / Stopwatch.GetElapsedTime(start).TotalSeconds:F0} submit_sm/s");
        var report = run.Report();
        Assert.Equal((Messages, Messages, 0), ((int)report["accepted"]!, (int)report["distinct"]!, (int)report["duplicates"]!));
    }

    private static void Submit(SmppClient client, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            byte[] text = Encoding.ASCII.GetBytes($"text {i}");
            Assert.True(client.TrySubmit(i, new SubmitSm { Source = "Strowger"u8, Destination = "46700000000"u8, RegisteredDelivery = 1, ShortMessage = text }));
        }

        client.Flush();
    }

    private static long Value(string id, bool hex) => long.Parse(id, hex ? NumberStyles.HexNumber : NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^deliver 4 (?<from>\w+)>(?<to>\w+) \[(?<tlv>\w+)\] id:(?<id>\w+) sub:001 dlvrd:001 submit date:\d{10} done date:\d{10} stat:(?<stat>\w+) err:000 text:$")]
    private static partial Regex ReceiptPattern();

    private sealed class LineWriter : TextWriter
    {
        public Channel<string> Lines { get; } = Channel.CreateUnbounded<string>();

        public override Encoding Encoding => Encoding.UTF8;

        public override Task WriteLineAsync(string? value)
        {
            Lines.Writer.TryWrite(value!);
            return Task.CompletedTask;
        }
    }

    private sealed class Pump(int messages) : SmppClientHandler
    {
        private int _sent;
        private int _answered;

        public SmppClient? Client { get; set; }

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void OnSubmitResponse(long tag, uint status, ReadOnlySpan<byte> messageId, ReadOnlySpan<byte> tlvs, bool late)
        {
            if (++_answered == messages)
            {
                Done.TrySetResult();
            }
        }

        public override void OnUnanswered(long tag, UnansweredReason reason) => Done.TrySetException(new InvalidOperationException(reason.ToString()));

        public override void OnStateChanged(BindState state, string? reason, uint status)
        {
            if (state == BindState.Bound)
            {
                OnBatchEnd();
                Client!.Flush();
            }
        }

        public override void OnBatchEnd()
        {
            Span<byte> text = stackalloc byte[40];
            "Your code is valid for ten minutes "u8.CopyTo(text);
            while (_sent < messages)
            {
                _sent.TryFormat(text[30..], out int digits, default, CultureInfo.InvariantCulture);
                if (!Client!.TrySubmit(_sent, new SubmitSm { Source = "Strowger"u8, Destination = "46701234567"u8, ShortMessage = text[..(30 + digits)] }))
                {
                    return;
                }

                _sent++;
            }
        }
    }
}

using Strowger.Smpp.Tests.Pdus;

namespace Strowger.Smpp.Tests.Client;

public sealed class SmppClientTests : IAsyncDisposable
{
    private readonly ScriptedPeer _peer = new();
    private readonly RecordingHandler _handler = new();
    private readonly ManualTimeProvider _clock = new();
    private SmppClient? _client;

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        _peer.Dispose();
        Assert.False(_handler.Overlapped);
    }

    [Fact]
    public async Task Binds_submits_matches_answers_in_any_order_and_stops_cleanly()
    {
        using var peer = await BoundAsync();
        Assert.True(Submit(70));
        Assert.True(Submit(71));
        _client!.Flush();
        var first = await peer.ReadAsync(CommandId.SubmitSm);
        var second = await peer.ReadAsync(CommandId.SubmitSm);
        Assert.Equal((2u, 3u), (first.Header.Sequence, second.Header.Sequence));
        Assert.Equal((2, 48), (_client.Outstanding, _client.FreeWindow));
        await peer.AnswerSubmitAsync(second.Header.Sequence, "b");
        await peer.AnswerSubmitAsync(first.Header.Sequence, "", CommandStatus.Throttled);
        await _handler.ExpectAsync("response 71 ESME_ROK b", "response 70 ESME_RTHROTTLED ");

        var stopping = _client.StopAsync(TimeSpan.FromSeconds(5));
        var unbind = await peer.ReadAsync(CommandId.Unbind);
        await peer.WriteBareAsync(CommandId.UnbindResp, unbind.Header.Sequence);
        await stopping;
        await _handler.ExpectAsync("Unbinding", "Stopped");
        Assert.False(Submit(72));
    }

    [Fact]
    public async Task Stop_waits_for_outstanding_answers_and_takes_nothing_new()
    {
        using var peer = await BoundAsync();
        Submit(1);
        _client!.Flush();
        var submit = await peer.ReadAsync(CommandId.SubmitSm);
        var stopping = _client.StopAsync(TimeSpan.FromSeconds(5));
        await _handler.ExpectAsync("Unbinding");
        Assert.Equal(SubmitRefusal.NotBound, _client.Submit(2, Text("x")));
        Assert.False(stopping.IsCompleted);
        await peer.AnswerSubmitAsync(submit.Header.Sequence, "id1");
        await _handler.ExpectAsync("response 1 ESME_ROK id1");
        var unbind = await peer.ReadAsync(CommandId.Unbind);
        await peer.WriteBareAsync(CommandId.UnbindResp, unbind.Header.Sequence);
        await stopping;
    }

    [Fact]
    public async Task Timeout_is_reported_once_and_the_late_answer_is_still_matched()
    {
        using var peer = await BoundAsync(new() { Host = "127.0.0.1", EnquireLinkInterval = TimeSpan.FromHours(1) });
        Submit(5);
        _client!.Flush();
        var submit = await peer.ReadAsync(CommandId.SubmitSm);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(1, _client.Outstanding);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await _handler.ExpectAsync("unanswered 5 Timeout");
        Assert.Equal(0, _client.Outstanding);
        _clock.Advance(TimeSpan.FromSeconds(60));
        await peer.AnswerSubmitAsync(submit.Header.Sequence, "late1");
        await _handler.ExpectAsync("response 5 ESME_ROK late1 late");
        await peer.AnswerSubmitAsync(submit.Header.Sequence, "late1");
        await peer.AnswerSubmitAsync(999, "never");
        Submit(6);
        _client.Flush();
        var next = await peer.ReadAsync(CommandId.SubmitSm);
        await peer.AnswerSubmitAsync(next.Header.Sequence, "ok");
        await _handler.ExpectAsync("response 6 ESME_ROK ok");
        Assert.Equal(2, _client.UnmatchedResponses);
    }

    [Fact]
    public async Task Sequence_numbers_wrap_to_one_and_skip_those_still_open()
    {
        using var peer = await BoundAsync(new() { Host = "127.0.0.1", Window = 3 }, firstSequence: SmppLimits.LastSequence - 1);
        List<uint> sequences = [];
        for (int i = 0; i < 200; i++)
        {
            Assert.True(Submit(i));
            _client!.Flush();
            var submit = await peer.ReadAsync(CommandId.SubmitSm);
            sequences.Add(submit.Header.Sequence);
            if (i > 0)
            {
                await peer.AnswerSubmitAsync(submit.Header.Sequence, "x");
                await _handler.ExpectAsync($"response {i} ESME_ROK x");
            }
        }

        Assert.Equal([SmppLimits.LastSequence, 1u, 2u], sequences[..3]);
        Assert.Equal(200, sequences.Distinct().Count());
        Assert.DoesNotContain(0u, sequences);
        await peer.AnswerSubmitAsync(SmppLimits.LastSequence, "first");
        await _handler.ExpectAsync("response 0 ESME_ROK first");
    }

    [Fact]
    public async Task Window_is_kept_and_can_be_changed_and_paused_live()
    {
        using var peer = await BoundAsync(new() { Host = "127.0.0.1", Window = 2 });
        Assert.True(Submit(1) && Submit(2));
        Assert.Equal(SubmitRefusal.WindowFull, _client!.Submit(3, Text("x")));
        _client.Window = 5000;
        Assert.Equal(4998, _client.FreeWindow);
        _client.PauseUntil(_clock.GetTimestamp() + TimeSpan.TicksPerSecond);
        Assert.Equal((SubmitRefusal.Paused, 0), (_client.Submit(3, Text("x")), _client.FreeWindow));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Submit(3));
        _client.Flush();
        for (int i = 0; i < 3; i++)
        {
            await peer.ReadAsync(CommandId.SubmitSm);
        }

        _client.Window = 1;
        Assert.False(Submit(4));
        await peer.AnswerSubmitAsync(3, "b");
        await _handler.ExpectAsync("response 2 ESME_ROK b");
    }

    [Fact]
    public async Task Lost_connection_reports_what_was_open_and_comes_back()
    {
        var peer = await BoundAsync();
        Submit(1);
        _client!.Flush();
        await peer.ReadAsync(CommandId.SubmitSm);
        Submit(2); // never flushed: it cannot have reached the carrier
        peer.Dispose();
        string[] reports = [await _handler.NextAsync(), await _handler.NextAsync()];
        Assert.Equal(["unanswered 1 ConnectionLost", "unanswered 2 NotWritten"], reports.Order());
        Assert.StartsWith("BackingOff: ", await _handler.NextAsync(), StringComparison.Ordinal);
        Assert.NotNull(_client.LastError);
        Assert.Null(_client.ConnectedSince);
        await WaitForBackoffAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        using var again = await _peer.AcceptBindAsync();
        await _handler.ExpectAsync("Connecting", "Binding", "Bound");
        Assert.Equal(2, _client.Binds);
        Assert.True(Submit(3));
    }

    [Fact]
    public async Task Waits_between_attempts_double_with_jitter_up_to_the_limit()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30), new Random(1));
        double full = 250;
        for (int i = 0; i < 60; i++)
        {
            Assert.InRange(backoff.Next().TotalMilliseconds, full / 2, full);
            full = Math.Min(30_000, full * 2);
        }

        backoff.Reset();
        Assert.InRange(backoff.Next().TotalMilliseconds, 125, 250);
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData(CommandStatus.InvalidPassword, "wrong password (ESME_RINVPASWD)")]
    [InlineData(CommandStatus.InvalidSystemId, "wrong system id (ESME_RINVSYSID)")]
    public async Task Wrong_credentials_wait_long(uint status, string words)
    {
        Start(new() { Host = "127.0.0.1" });
        using var refused = await _peer.AcceptBindAsync(status);
        await _handler.ExpectAsync("Connecting", "Binding", $"Refused: the bind was refused: {words}");
        Assert.Equal(status, _client!.LastStatus);
        await WaitForBackoffAsync();
        _clock.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(BindState.Refused, _client.State);
        _clock.Advance(TimeSpan.FromSeconds(2));
        using var taken = await _peer.AcceptBindAsync();
        await _handler.UntilAsync("Bound");
    }

    [Fact]
    public async Task Bind_that_is_never_answered_times_out()
    {
        Start(new() { Host = "127.0.0.1" });
        using var silent = await _peer.AcceptAsync();
        await silent.ReadAsync(CommandId.BindTransceiver);
        await _handler.ExpectAsync("Connecting", "Binding");
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("BackingOff: no answer to the bind within 10 s", await _handler.NextAsync());
    }

    [Fact]
    public async Task Nobody_listening_is_said_in_words()
    {
        int port = _peer.Port;
        _peer.Dispose();
        _client = new SmppClient(new() { Host = "127.0.0.1", Port = port }, _handler, _clock, new Random(1));
        _client.Start();
        await _handler.ExpectAsync("Connecting", $"BackingOff: 127.0.0.1:{port}: connection refused (nothing listens there)");
    }

    [Fact]
    public async Task Enquire_link_goes_both_ways_and_silence_ends_the_connection()
    {
        using var peer = await BoundAsync();
        await peer.WriteBareAsync(CommandId.EnquireLink, 77);
        var answer = await peer.ReadAsync(CommandId.EnquireLinkResp);
        Assert.Equal(77u, answer.Header.Sequence);
        _clock.Advance(TimeSpan.FromSeconds(31));
        var enquire = await peer.ReadAsync(CommandId.EnquireLink);
        await peer.WriteBareAsync(CommandId.EnquireLinkResp, enquire.Header.Sequence);
        await peer.WriteBareAsync(CommandId.EnquireLink, 78);
        await peer.ReadAsync(CommandId.EnquireLinkResp); // our answer proves that theirs was read
        _clock.Advance(TimeSpan.FromSeconds(31));
        await peer.ReadAsync(CommandId.EnquireLink);
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("BackingOff: no sign of life within 30 s of an enquire_link", await _handler.NextAsync());
    }

    [Fact]
    public async Task Unbind_of_the_carrier_is_answered_and_we_come_back()
    {
        using var peer = await BoundAsync();
        await peer.WriteBareAsync(CommandId.Unbind, 9);
        await peer.ReadAsync(CommandId.UnbindResp);
        Assert.Equal("BackingOff: the carrier unbound", await _handler.NextAsync());
        await WaitForBackoffAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        using var again = await _peer.AcceptBindAsync();
        await _handler.UntilAsync("Bound");
    }

    [Fact]
    public async Task Deliveries_are_answered_now_or_later_from_any_thread()
    {
        List<DeliverHandle> kept = [];
        _handler.AnswerDeliver = kept.Add;
        using var peer = await BoundAsync();
        byte[] pdu = new byte[300];
        for (uint i = 0; i < 3; i++)
        {
            int n = Samples.Deliver(Samples.Ascii($"text{i}")).Encode(pdu, 100 + i);
            await peer.WriteAsync(pdu[..n]);
        }

        await _handler.ExpectAsync("deliver 46701234567 text0", "deliver 46701234567 text1", "deliver 46701234567 text2");
        await Task.Run(() => Assert.All(kept, h => h.Answer(CommandStatus.Ok)), TestContext.Current.CancellationToken);
        for (uint i = 0; i < 3; i++)
        {
            var answer = await peer.ReadAsync(CommandId.DeliverSmResp);
            Assert.Equal(100 + i, answer.Header.Sequence);
            Assert.Single(answer.Body);
        }

        int data = new DataSm { Source = "1"u8, Tlvs = Convert.FromHexString("042400024869").AsSpan() }.Encode(pdu, 200);
        await peer.WriteAsync(pdu[..data]);
        await peer.ReadAsync(CommandId.DataSmResp);
        await _handler.ExpectAsync("data Hi");
    }

    [Fact]
    public async Task Too_many_unanswered_deliveries_are_refused_with_queue_full()
    {
        _handler.AnswerDeliver = _ => { };
        using var peer = await BoundAsync(new() { Host = "127.0.0.1", MaxUnansweredDelivers = 2 });
        byte[] pdu = new byte[300];
        for (uint i = 1; i <= 3; i++)
        {
            int n = Samples.Deliver(Samples.Ascii("t")).Encode(pdu, i);
            await peer.WriteAsync(pdu[..n]);
        }

        var refused = await peer.ReadAsync(CommandId.DeliverSmResp);
        Assert.Equal((3u, CommandStatus.MessageQueueFull), (refused.Header.Sequence, refused.Header.Status));
    }

    [Theory]
    [InlineData("0000000000000000")]
    [InlineData("485454502F312E3120343030204261642052657175657374")]
    [InlineData("7FFFFFFF00000004")]
    public async Task Garbage_is_answered_with_generic_nack_and_ends_the_connection(string hex)
    {
        using var peer = await BoundAsync();
        await peer.WriteAsync(Convert.FromHexString(hex));
        var nack = await peer.ReadAsync(CommandId.GenericNack);
        Assert.Equal(CommandStatus.InvalidCommandLength, nack.Header.Status);
        Assert.StartsWith("BackingOff: the carrier sent what is no PDU: command_length is", await _handler.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_commands_are_nacked_and_too_many_end_the_connection()
    {
        using var peer = await BoundAsync();
        await peer.WriteBareAsync(0x00000111, 5);
        var nack = await peer.ReadAsync(CommandId.GenericNack);
        Assert.Equal((5u, CommandStatus.InvalidCommandId), (nack.Header.Sequence, nack.Header.Status));
        await peer.WriteBareAsync(CommandId.DeliverSm, 6); // no body
        var refused = await peer.ReadAsync(CommandId.DeliverSmResp);
        Assert.Equal(CommandStatus.InvalidCommandLength, refused.Header.Status);
        for (uint i = 0; i < 98; i++)
        {
            await peer.WriteBareAsync(0x00000999, i);
        }

        Assert.Equal("BackingOff: 100 bad PDUs from the carrier; the last: 0x00000999 is no command for an ESME", await _handler.NextAsync());
    }

    [Fact]
    public async Task Generic_nack_answers_the_submit_it_names()
    {
        using var peer = await BoundAsync();
        Submit(8);
        _client!.Flush();
        var submit = await peer.ReadAsync(CommandId.SubmitSm);
        await peer.WriteBareAsync(CommandId.GenericNack, submit.Header.Sequence, CommandStatus.InvalidCommandLength);
        await _handler.ExpectAsync("response 8 ESME_RINVCMDLEN ");
    }

    [Fact]
    public async Task Query_ends_with_the_answer_the_timer_or_the_connection()
    {
        var peer = await BoundAsync(new() { Host = "127.0.0.1", EnquireLinkInterval = TimeSpan.FromHours(1) });
                var query = _client!.QueryAsync(new QuerySm { MessageId = "m1"u8, Source = "1"u8 }, TestContext.Current.CancellationToken);
        var asked = await peer.ReadAsync(CommandId.QuerySm);
        byte[] pdu = new byte[100];
        int n = new QuerySmResp { MessageId = "m1"u8, MessageState = 2, FinalDate = "261120184023000+"u8 }.Encode(pdu, 0, asked.Header.Sequence);
        await peer.WriteAsync(pdu[..n]);
        Assert.Equal(new QueryResult(QueryOutcome.Answered, 0, 2, 0, "261120184023000+"), await query);

        query = _client.QueryAsync(new QuerySm { MessageId = "m2"u8 }, TestContext.Current.CancellationToken);
        await peer.ReadAsync(CommandId.QuerySm);
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(QueryOutcome.Unanswered, (await query).Outcome);

        query = _client.QueryAsync(new QuerySm { MessageId = "m3"u8 }, TestContext.Current.CancellationToken);
        await peer.ReadAsync(CommandId.QuerySm);
        peer.Dispose();
        Assert.Equal(QueryOutcome.Unanswered, (await query).Outcome);
        await _handler.UntilAsync("BackingOff");
        Assert.Equal(QueryOutcome.NotSent, (await _client.QueryAsync(new QuerySm { MessageId = "m4"u8 }, TestContext.Current.CancellationToken)).Outcome);
    }

    [Fact]
    public async Task A_carrier_that_does_not_read_congests_without_blocking_and_is_cut_in_the_end()
    {
        using var peer = await BoundAsync(new() { Host = "127.0.0.1", Window = 10_000, SendBufferBytes = 128 * 1024, ResponseTimeout = TimeSpan.FromHours(1), EnquireLinkInterval = TimeSpan.FromHours(1) });
        byte[] payload = new byte[20_000];
        var refusal = SubmitRefusal.None;
        int sent = 0;
        for (int full = 0; full < 20 && refusal != SubmitRefusal.WindowFull;)
        {
            refusal = SubmitLarge(sent, payload);
            _client!.Flush();
            sent += refusal == SubmitRefusal.None ? 1 : 0;
            full += refusal == SubmitRefusal.Congested ? 1 : 0;
        }

        Assert.Equal(SubmitRefusal.Congested, refusal);
        for (int i = 0; i < sent; i++)
        {
            await peer.ReadAsync(CommandId.SubmitSm);
        }

        Assert.Equal("writable", await _handler.NextAsync());
        Assert.Equal(SubmitRefusal.None, SubmitLarge(sent, payload));
        while (_client!.State == BindState.Bound)
        {
            // The kernel's own buffers still grow for a moment; only then does nothing move.
            while (SubmitLarge(++sent, payload) == SubmitRefusal.None)
            {
                _client.Flush();
            }

            _clock.Advance(TimeSpan.FromSeconds(31));
            await Task.Yield();
        }

        await _handler.UntilAsync("BackingOff: the carrier has read nothing for 30 s");
    }

    [Fact]
    public async Task A_failing_callback_costs_the_connection_and_every_open_request_is_still_reported()
    {
        using var peer = await BoundAsync();
        Submit(1);
        Submit(2);
        _client!.Flush();
        await peer.ReadAsync(CommandId.SubmitSm);
        _handler.AnswerDeliver = _ => throw new InvalidOperationException("out of order");
        byte[] pdu = new byte[200];
        int n = Samples.Deliver(Samples.Ascii("t")).Encode(pdu, 1);
        await peer.WriteAsync(pdu[..n]);
        await _handler.ExpectAsync("deliver 46701234567 t", "unanswered 1 ConnectionLost", "unanswered 2 ConnectionLost");
        Assert.Equal("BackingOff: a callback failed: out of order", await _handler.NextAsync());
    }

    [Fact]
    public void Wrong_options_are_all_named_at_once()
    {
        var error = Assert.Throws<ArgumentException>(() => new SmppClient(
            new() { Host = "", Port = 0, Window = 20_000, ReconnectMin = TimeSpan.Zero, Password = new string('x', 65) }, _handler, _clock, new Random(1)));
        foreach (string word in (string[])["Host", "Port is 0", "Window is 20000", "ReconnectMin", "Password"])
        {
            Assert.Contains(word, error.Message, StringComparison.Ordinal);
        }
    }

    private static SubmitSm Text(string text) => new() { Destination = "46701234567"u8, ShortMessage = Samples.Ascii(text) };

    private bool Submit(long tag) => _client!.TrySubmit(tag, Text("Hello"));

    private SubmitRefusal SubmitLarge(long tag, byte[] payload)
    {
        byte[] tlvs = new byte[payload.Length + 4];
        var writer = new TlvWriter(tlvs);
        writer.TryAdd(TlvTag.MessagePayload, payload);
        return _client!.Submit(tag, new SubmitSm { Destination = "1"u8, Tlvs = writer.Written });
    }

    private void Start(SmppClientOptions options, uint firstSequence = 1)
    {
        _client = new SmppClient(options with { Port = _peer.Port, SystemId = "esme", Password = "secret" }, _handler, _clock, new Random(1))
        {
            FirstSequence = firstSequence,
        };
        _client.Start();
    }

    private async Task<PeerConnection> BoundAsync(SmppClientOptions? options = null, uint firstSequence = 1)
    {
        Start(options ?? new() { Host = "127.0.0.1" }, firstSequence);
        var peer = await _peer.AcceptBindAsync();
        await _handler.ExpectAsync("Connecting", "Binding", "Bound");
        return peer;
    }

    /// <summary>The state is reported an instant before the wait begins: the second timer, beside the client's own.</summary>
    private async Task WaitForBackoffAsync()
    {
        while (_clock.TimerCount < 2)
        {
            await Task.Yield();
        }
    }
}

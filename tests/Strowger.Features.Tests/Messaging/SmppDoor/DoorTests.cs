using System.Text;
using Strowger.Engine;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Features.Messaging.SmppDoor;
using Strowger.Features.Tests.Messaging.Flow;
using Strowger.Records.Messages;
using Strowger.Smpp;
using Strowger.Smpp.Receipts;
using Strowger.Smpp.Text;

namespace Strowger.Features.Tests.Messaging.SmppDoor;

/// <summary>From an ESME's bind to its receipt.</summary>
public sealed class DoorTests
{
    [Fact]
    public async Task A_text_goes_through_and_its_receipt_comes_back_like_the_submit_it_answers()
    {
        await using var rig = await DoorRig.StartAsync();
        await using var esme = rig.Bind();

        var sent = await esme.SubmitAsync(from: "Shop", fromTon: 5, registered: 1, data: Gsm("Hej { på dig }"), tlvs: [0x02, 0x04, 0, 2, 0x12, 0x34, 0x14, 0x00, 0, 1, 7]);

        Assert.Equal(0u, sent.Status);
        var (to, payload, esmClass, coding) = await rig.SubmittedAsync();
        Assert.Equal(("46701234567", 0, 0), (to, esmClass, coding));
        Assert.Equal(Gsm("Hej { på dig }"), payload);
        Assert.True(MessageId.TryParse("msg_" + sent.Id, out var id));
        var view = await rig.Flow.ReachesAsync(id, MessageStatus.Sent);
        Assert.Equal(("Hej { på dig }", "Shop", "smpp:gw"), (view.Text, view.From, view.Account));
        Assert.Equal("07", view.Tlvs["0x1400"]);
        TestCarrier.Receipt(rig.Carrier.Session, "C000001", ReceiptState.Delivered, "46701234567");
        await FlowFixture.UntilAsync(() => esme.Delivered.Count == 1);

        var got = esme.Delivered.First();
        Assert.Equal(("46701234567", "Shop", 4, 1), (got.From, got.To, got.EsmClass, got.FromTon));
        Assert.Matches($"^id:{sent.Id} sub:001 dlvrd:001 submit date:[0-9]{{10}} done date:[0-9]{{10}} stat:DELIVRD err:000 text:$", Encoding.ASCII.GetString(got.Data));
        var tlvs = new Tlvs(got.Tlvs);
        Assert.True(tlvs.TryGetReceiptedMessageId(out var receipted));
        Assert.Equal(sent.Id, Encoding.ASCII.GetString(receipted));
        Assert.True(tlvs.TryGetMessageState(out var state) && state == 2);
        Assert.True(tlvs.TryGetUInt16(TlvTag.UserMessageReference, out var reference) && reference == 0x1234);
        await FlowFixture.UntilAsync(() => rig.Client("gw") is { Waiting: 0, Delivered: 1 });
    }

    [Theory]
    [InlineData("050003AA0201616263", 0x40, 0)]
    [InlineData("0605040B8423F0DEADBEEF", 0x40, 4)]
    [InlineData("00FF80", 0, 4)]
    [InlineData("E9E8", 0, 0)]
    [InlineData("D83D", 0, 8)]
    [InlineData("D83DDE000041", 0, 8)]
    [InlineData("D0CF", 0, 6)]
    [InlineData("1B3C", 0, 0xF0)]
    [InlineData("4041", 0, 1)]
    [InlineData("E9", 0x80, 3)]
    [InlineData("", 0, 0)]
    public async Task Octets_reach_the_carrier_as_they_came(string hex, int esmClass, int coding)
    {
        await using var rig = await DoorRig.StartAsync();
        await using var esme = rig.Bind();

        Assert.Equal(0u, (await esme.SubmitAsync(data: Convert.FromHexString(hex), esmClass: (byte)esmClass, coding: (byte)coding)).Status);

        var submitted = await rig.SubmittedAsync();
        Assert.Equal((hex, (byte)esmClass, (byte)coding), (Convert.ToHexString(submitted.Payload), submitted.EsmClass, submitted.Coding));
    }

    [Theory]
    [InlineData("050003AA0201616263", 0x40, 0, "", "abc", 1, 2)]
    [InlineData("060804AABB0302006100E5", 0x40, 8, "", "aå", 2, 3)]
    [InlineData("616263", 0, 0, "020C00020007020E000103020F000102", "abc", 2, 3)]
    [InlineData("0605040B8423F0DEADBEEF", 0x40, 4, "", null, 0, 0)]
    public async Task People_read_the_text_of_a_part_that_its_sender_divided(string hex, byte esmClass, byte coding, string tlvs, string? text, int part, int parts)
    {
        await using var rig = await DoorRig.StartAsync();
        await using var esme = rig.Bind();

        var sent = await esme.SubmitAsync(data: Convert.FromHexString(hex), esmClass: esmClass, coding: coding, tlvs: Convert.FromHexString(tlvs));

        Assert.True(MessageId.TryParse("msg_" + sent.Id, out var id));
        var message = rig.Flow.Messaging.Find(id)!;
        Assert.Equal((hex.ToLowerInvariant(), text, (part, parts)), (message.DataHex, message.Reads, message.SenderPart));
    }

    [Fact]
    public async Task A_part_that_is_resent_by_a_person_keeps_its_header()
    {
        await using var rig = await DoorRig.StartAsync();
        await using var esme = rig.Bind();
        var sent = await esme.SubmitAsync(data: Convert.FromHexString("050003AA0201616263"), esmClass: 0x40, protocol: 0x41);
        Assert.True(MessageId.TryParse("msg_" + sent.Id, out var id));

        var again = await rig.Flow.Messaging.ResendAsync(id, default, CancellationToken.None);

        Assert.Null(again!.Value.Error);
        await FlowFixture.UntilAsync(() => rig.Carrier.Submits.Count == 2);
        Assert.All(rig.Carrier.Submits, submit => Assert.Equal(("050003AA0201616263", 0x40, 0), (Convert.ToHexString(submit.Payload), submit.EsmClass, submit.Coding)));
    }

    [Fact]
    public async Task A_long_text_in_one_payload_is_divided_and_has_one_receipt_when_its_last_part_is_over()
    {
        await using var rig = await DoorRig.StartAsync();
        await using var esme = rig.Bind();
        var text = Gsm(new string('a', 200));

        var sent = await esme.SubmitAsync(data: [], registered: 1, tlvs: [0x04, 0x24, 0, (byte)text.Length, .. text]);

        await FlowFixture.UntilAsync(() => rig.Carrier.Submits.Count == 2);
        Assert.All(rig.Carrier.Submits, submit => Assert.Equal(0x40, submit.EsmClass));
        Assert.True(MessageId.TryParse("msg_" + sent.Id, out var id));
        await rig.Flow.ReachesAsync(id, MessageStatus.Sent);
        TestCarrier.Receipt(rig.Carrier.Session, "C000001", ReceiptState.Undeliverable, "46701234567");
        await rig.Flow.ReachesAsync(id, MessageStatus.Undelivered);
        TestCarrier.Receipt(rig.Carrier.Session, "C000002", ReceiptState.Delivered, "46701234567");
        await FlowFixture.UntilAsync(() => esme.Delivered.Count == 1);
        Assert.Contains("stat:UNDELIV", Encoding.ASCII.GetString(esme.Delivered.First().Data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_the_protocols_own_words()
    {
        await using var rig = await DoorRig.StartAsync();
        await using var esme = rig.Bind();
        (byte[] Data, byte EsmClass) tooLong = (new byte[200], 0x40);

        Assert.Equal(CommandStatus.InvalidDestinationAddress, (await esme.SubmitAsync(to: "0701234567")).Status);
        Assert.Equal(CommandStatus.InvalidSourceAddress, (await esme.SubmitAsync(from: "A name too long")).Status);
        Assert.Equal(CommandStatus.InvalidScheduledTime, (await esme.SubmitAsync(schedule: "9913010000000000")).Status);
        Assert.Equal(CommandStatus.InvalidExpiryTime, (await esme.SubmitAsync(validity: "200101000000000+")).Status);
        Assert.Equal(CommandStatus.InvalidPriorityFlag, (await esme.SubmitAsync(priority: 9)).Status);
        Assert.Equal(CommandStatus.InvalidMessageLength, (await esme.SubmitAsync(tlvs: [0x04, 0x24, 0, 1, 65])).Status);
        Assert.Equal(0u, (await esme.SubmitAsync(data: tooLong.Data, esmClass: tooLong.EsmClass)).Status);
        Assert.Equal(0u, (await esme.SubmitAsync(schedule: "000000000100000R", validity: "000001000000000R", priority: 3)).Status);
        rig.Flow.Engine.ChangeQueue("sms:default", bound: 1);
        Assert.Equal(CommandStatus.MessageQueueFull, (await esme.SubmitAsync()).Status);
        Assert.Equal(7, rig.Client("gw").Refused);
    }

    [Fact]
    public async Task A_rate_is_held_and_a_client_of_version_5_hears_how_full_it_is()
    {
        await using var rig = await DoorRig.StartAsync(client => client with { Rate = 0.001 });
        await using var esme = rig.Bind(version: 0x50);

        var first = await esme.SubmitAsync();
        var second = await esme.SubmitAsync();

        Assert.Equal((0u, CommandStatus.Throttled), (first.Status, second.Status));
        Assert.True(new Tlvs(first.Tlvs).TryGetCongestionState(out _));
        Assert.Equal(1, rig.Client("gw").Throttled);
    }

    [Fact]
    public async Task Binds_are_for_those_who_know_the_password_and_not_more_than_allowed()
    {
        await using var rig = await DoorRig.StartAsync(client => client with { Binds = 1 });
        await using var wrong = rig.Bind(password: "guess");
        await FlowFixture.UntilAsync(() => wrong.Client.LastStatus == CommandStatus.InvalidPassword);
        await using var unknown = rig.Bind(systemId: "who");
        await FlowFixture.UntilAsync(() => unknown.Client.LastStatus == CommandStatus.InvalidPassword);
        await using var first = rig.Bind();
        await first.BoundAsync();
        await using var second = rig.Bind();
        await FlowFixture.UntilAsync(() => second.Client.LastStatus == CommandStatus.BindFailed);

        Assert.Contains(rig.Refused, r => r.Contains("wrong password", StringComparison.Ordinal));
        Assert.DoesNotContain(rig.Refused, r => r.Contains("guess", StringComparison.Ordinal) || r.Contains("who", StringComparison.Ordinal));
        await first.Client.StopAsync(TimeSpan.FromSeconds(1));
        await second.BoundAsync();
    }

    [Fact]
    public async Task A_receipt_waits_for_its_client_and_is_given_again_until_it_is_taken()
    {
        await using var rig = await DoorRig.StartAsync();
        string id;
        await using (var sender = rig.Bind(mode: BindMode.Transmitter))
        {
            id = (await sender.SubmitAsync(registered: 1)).Id;
            await rig.SubmittedAsync();
            TestCarrier.Receipt(rig.Carrier.Session, "C000001", ReceiptState.Rejected, "46701234567");
            await FlowFixture.UntilAsync(() => rig.Client("gw").Waiting == 1);
        }

        await using var esme = new Esme(rig.Port) { Answer = n => n == 1 ? CommandStatus.TemporaryAppError : 0 };
        await FlowFixture.UntilAsync(() => rig.Client("gw") is { Waiting: 0, Delivered: 1 });

        Assert.Equal(2, esme.Delivered.Count);
        Assert.All(esme.Delivered, d => Assert.Contains($"id:{id} sub:001 dlvrd:000", Encoding.ASCII.GetString(d.Data), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_kill_neither_loses_a_receipt_nor_queues_it_twice()
    {
        await using var rig = await DoorRig.StartAsync();
        await using (var sender = rig.Bind(mode: BindMode.Transmitter))
        {
            await sender.SubmitAsync(registered: 1);
            await rig.SubmittedAsync();
            TestCarrier.Receipt(rig.Carrier.Session, "C000001", ReceiptState.Delivered, "46701234567");
            await FlowFixture.UntilAsync(() => rig.Client("gw").Waiting == 1);
        }

        // As if the kill had come before the policy's place was written down.
        File.WriteAllText(Path.Combine(rig.Flow.Path, "smpp-clients.cursor"), $"0 1 {long.MaxValue}");
        await rig.RestartAsync();

        await using var esme = rig.Bind();
        await FlowFixture.UntilAsync(() => rig.Client("gw") is { Waiting: 0, Delivered: 1 } && rig.Behind == 0);
        Assert.Single(esme.Delivered);
    }

    [Fact]
    public async Task Incoming_texts_to_its_numbers_reach_a_client_parts_as_parts()
    {
        await using var rig = await DoorRig.StartAsync(client => client with { Numbers = ["123"] });
        await using var esme = rig.Bind();
        await esme.BoundAsync();
        await FlowFixture.UntilAsync(() => rig.Carrier.Sessions.Any(s => s.IsBound));

        TestCarrier.Text(rig.Carrier.Session, "46701112233", "STOP");
        TestCarrier.Part(rig.Carrier.Session, "46701112233", "one", 7, 2, 1);

        await FlowFixture.UntilAsync(() => esme.Delivered.Count == 2);
        var got = esme.Delivered.ToArray();
        Assert.Equal(("46701112233", "12345", "STOP", 0), (got[0].From, got[0].To, Encoding.ASCII.GetString(got[0].Data), got[0].EsmClass));
        Assert.Equal(("06080400070201" + Convert.ToHexString("one"u8), 0x40), (Convert.ToHexString(got[1].Data), got[1].EsmClass));
    }

    [Fact]
    public async Task Its_own_texts_can_be_asked_about_and_no_others()
    {
        await using var rig = await DoorRig.StartAsync();
        await using var esme = rig.Bind();
        var own = await esme.SubmitAsync();
        Assert.True(MessageId.TryParse("msg_" + own.Id, out var id));
        await rig.Flow.ReachesAsync(id, MessageStatus.Sent);
        var other = await rig.Flow.SendAsync();

        var asked = await esme.Client.QueryAsync(new QuerySm { MessageId = Encoding.ASCII.GetBytes(own.Id) }, CancellationToken.None);
        var refused = await esme.Client.QueryAsync(new QuerySm { MessageId = Encoding.ASCII.GetBytes(other.ToString()) }, CancellationToken.None);

        Assert.Equal(((uint)0, (byte)1), (asked.Status, asked.MessageState));
        Assert.Equal(CommandStatus.InvalidMessageId, refused.Status);
    }

    private static byte[] Gsm(string text)
    {
        var octets = new byte[text.Length * 2];
        return octets[..Gsm7.Encode(text, octets)];
    }
}

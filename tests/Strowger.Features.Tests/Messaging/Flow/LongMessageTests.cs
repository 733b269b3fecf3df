using System.Text;
using Strowger.Features.Messaging;
using Strowger.Features.Messaging.Channels;
using Strowger.Records.Messages;
using Strowger.Smpp;
using Strowger.Smpp.Receipts;
using Strowger.Smpp.Text;

namespace Strowger.Features.Tests.Messaging.Flow;

/// <summary>Texts of several parts, each carrier in its own way.</summary>
public sealed class LongMessageTests
{
    private static readonly string _long = string.Concat(Enumerable.Range(1, 40).Select(n => FormattableString.Invariant($"word{n:D2} [€] ")));

    [Fact]
    public async Task Sar_parts_have_no_header_and_join_by_their_parameters()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier) with { LongMessages = LongMessages.Sar });
        await f.ReachesAsync(await f.SendAsync(text: _long, more: ""","tlvs":{"0x1400":"0a"}"""), MessageStatus.Sent);
        var submits = carrier.Submits.ToArray();
        var tlvs = carrier.SubmitTlvs.ToArray();
        Assert.Equal(4, submits.Length);
        Assert.All(submits, s => Assert.Equal(0, s.EsmClass));
        Assert.Equal(["01", "02", "03", "04"], tlvs.Select(t => Convert.ToHexString(t[TlvTag.SarSegmentNumber])));
        Assert.All(tlvs, t => Assert.Equal(("04", "0A"), (Convert.ToHexString(t[TlvTag.SarTotalSegments]), Convert.ToHexString(t[0x1400]))));
        Assert.Single(tlvs.Select(t => Convert.ToHexString(t[TlvTag.SarMessageReference])).Distinct());
        Assert.Equal(_long, string.Concat(submits.Select(s => TextOf(s.Payload))));

        // A short one needs nothing of it.
        await f.ReachesAsync(await f.SendAsync(), MessageStatus.Sent);
        Assert.Empty(carrier.SubmitTlvs.Last());
    }

    [Fact]
    public async Task In_payload_it_is_one_submit_that_costs_its_parts_and_one_receipt_settles_it()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier) with { LongMessages = LongMessages.Payload, Paused = true });
        var id = await f.SendAsync(text: _long, more: ""","tlvs":{"0x1400":"0a"}""");
        Assert.Equal(4, f.Engine.GetQueue("sms:default")!.ReadyCost.Sum());
        await f.Channels.ChangeAsync(FlowFixture.Smpp(carrier) with { LongMessages = LongMessages.Payload });
        var sent = await f.ReachesAsync(id, MessageStatus.Sent);
        Assert.Equal(4, sent.Segments);
        var submit = Assert.Single(carrier.Submits);
        var tlvs = Assert.Single(carrier.SubmitTlvs);
        Assert.Equal((0, 0), (submit.Payload.Length, submit.EsmClass));
        Assert.Equal((_long, "0A"), (TextOf(tlvs[TlvTag.MessagePayload]), Convert.ToHexString(tlvs[0x1400])));
        TestCarrier.Receipt(carrier.Session, "C000001", ReceiptState.Delivered, "46701234567");
        await f.ReachesAsync(id, MessageStatus.Delivered);
    }

    [Fact]
    public async Task Octets_and_other_scripts_go_in_one_piece_too()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier) with { LongMessages = LongMessages.Payload });
        var cyrillic = string.Concat(Enumerable.Repeat("Привет ", 40));
        await f.ReachesAsync(await f.SendAsync(text: cyrillic), MessageStatus.Sent);
        Assert.Equal((8, cyrillic), (carrier.Submits.Last().Coding, Encoding.BigEndianUnicode.GetString(carrier.SubmitTlvs.Last()[TlvTag.MessagePayload])));
        var octets = Convert.ToHexString(new byte[300]);
        var result = await f.Messaging.SendAsync(Encoding.UTF8.GetBytes($$"""{"to":"+46701234567","from":"12345","data_hex":"{{octets}}"}"""), default, false, CancellationToken.None);
        await f.ReachesAsync(result.Id, MessageStatus.Sent);
        Assert.Equal(octets, Convert.ToHexString(carrier.SubmitTlvs.Last()[TlvTag.MessagePayload]));
    }

    [Fact]
    public async Task A_text_goes_as_it_was_accepted_whatever_the_channel_becomes()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        var inPayload = FlowFixture.Smpp(carrier) with { LongMessages = LongMessages.Payload, Paused = true };
        var inParts = inPayload with { LongMessages = LongMessages.Udh };
        await f.Channels.AddAsync(inPayload);
        var whole = await f.SendAsync(text: _long);
        await f.Channels.ChangeAsync(inParts);
        var divided = await f.SendAsync(text: _long);
        await f.Channels.ChangeAsync(inPayload with { Paused = false });
        await f.ReachesAsync(whole, MessageStatus.Sent);
        await f.ReachesAsync(divided, MessageStatus.Sent);
        Assert.Equal(5, carrier.Submits.Count);
        Assert.Single(carrier.SubmitTlvs, t => t.ContainsKey(TlvTag.MessagePayload));
        Assert.Equal(4, carrier.Submits.Count(s => s.EsmClass == 0x40));
    }

    [Fact]
    public async Task Where_another_channel_of_the_route_wants_parts_it_is_parts()
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier) with { LongMessages = LongMessages.Payload });
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier, "b"));
        await f.ReachesAsync(await f.SendAsync(text: _long), MessageStatus.Sent);
        Assert.Equal(4, carrier.Submits.Count);
        Assert.All(carrier.Submits, s => Assert.Equal(0x40, s.EsmClass));

        // Asked for by name it is the one channel's own way.
        await f.ReachesAsync(await f.SendAsync(text: _long, more: ""","channel":"a" """), MessageStatus.Sent);
        Assert.Equal(5, carrier.Submits.Count);
    }

    [Theory]
    [InlineData(LongMessages.Udh)]
    [InlineData(LongMessages.Sar)]
    public async Task A_text_in_national_letters_goes_in_their_tables_where_the_channel_says_so(LongMessages form)
    {
        await using var carrier = new TestCarrier();
        await using var f = new FlowFixture();
        await f.Channels.AddAsync(FlowFixture.Smpp(carrier) with { LongMessages = form, NationalLanguages = [NationalLanguage.Turkish] });
        var text = string.Concat(Enumerable.Repeat("Işıklar söndü, ağ çalışmıyor. ", 8));
        var view = await f.ReachesAsync(await f.SendAsync(text: text), MessageStatus.Sent);
        Assert.Equal(2, view.Segments);
        Assert.All(carrier.Submits, s => Assert.Equal((0x40, 0), (s.EsmClass, s.Coding)));
        var parts = carrier.Submits.Select(s => MessageDecoder.Decode(s.Payload, 0, udhi: true, DecodeOptions.Default)).OrderBy(d => d.Header.Part).ToArray();
        Assert.Equal(text, string.Concat(parts.Select(d => d.Text)));

        // Elsewhere it takes four in UCS-2.
        await f.Channels.ChangeAsync(FlowFixture.Smpp(carrier) with { LongMessages = form });
        Assert.Equal(4, (await f.ReachesAsync(await f.SendAsync(text: text), MessageStatus.Sent)).Segments);
    }

    private static string TextOf(byte[] septets) => MessageDecoder.Decode(septets, 0, udhi: false, DecodeOptions.Default).Text!;
}

using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Strowger.Features.Messaging;
using Strowger.Smpp.Text;

namespace Strowger.Features.Tests.Messaging;

public sealed class MessageBodyTests
{
    private const string Json =
        """{"to":"+46701234567","from":"Strowger","text":"Hej å","channel":"carrier-a","priority":"bulk","generated_at":"2026-05-17T12:00:00Z","callback_url":"https://example.org/cb","reference":"r1","campaign":"spring","tlvs":{"0x1400":"0a0b"}}""";

    // Version 1 as it lies on disks: these octets have to be readable by every later program.
    private const string Snapshot =
        "01FC020000013887499CDF0A0000005374726F776765720648656A20C3A502723106737072696E671668747470733A2F2F6578616D706C" +
        "652E6F72672F636209636172726965722D6100B6CE359E01000006140000020A0B";

    [Fact]
    public void Everything_comes_back()
    {
        var request = Request(Json);
        var plan = MessageEncoder.Plan(request.Text, EncodeOptions.Default, []);
        var writer = new ArrayBufferWriter<byte>();
        Assert.Equal(MessageBody.Write(MessageBodyFields.Of(request, plan), writer), writer.WrittenCount);
        Assert.True(MessageBodyReader.TryRead(writer.WrittenSpan, out var body, out _));
        Assert.Equal((request.To, request.From, MessagePriority.Bulk, request.GeneratedAtMs), (body.To, body.From, body.Priority, body.GeneratedAtMs));
        Assert.Equal(plan with { Units = 0 }, body.Plan);
        Assert.Equal(("Hej å", "r1", "spring"), (Utf8(body.Content), Utf8(body.Reference), Utf8(body.Campaign)));
        Assert.Equal(("https://example.org/cb", "carrier-a", "140000020A0B"), (Utf8(body.CallbackUrl), Utf8(body.Channel), Convert.ToHexString(body.Tlvs)));
        Assert.False(body.IsData);
        Assert.Equal(Snapshot, Convert.ToHexString(writer.WrittenSpan));
    }

    [Fact]
    public void Who_handed_it_in_comes_back()
    {
        var request = Request("""{"to":"+46701234567","from":"Strowger","text":"Hi"}""");
        var writer = new ArrayBufferWriter<byte>();
        MessageBody.Write(MessageBodyFields.Of(request, MessageEncoder.Plan(request.Text, EncodeOptions.Default, []), "17"u8), writer);
        Assert.True(MessageBodyReader.TryRead(writer.WrittenSpan, out var body, out _));
        Assert.Equal("17", Utf8(body.Account));
        Assert.False(MessageBodyReader.TryRead(writer.WrittenSpan[..^1], out _, out _));
    }

    [Fact]
    public void One_piece_of_several_parts_comes_back_and_is_read_for_ever()
    {
        var request = Request("""{"to":"+46701234567","from":"Strowger","text":"Hi"}""");
        var plan = MessageEncoder.Plan(request.Text, EncodeOptions.Default, []) with { Parts = 3 };
        var writer = new ArrayBufferWriter<byte>();
        MessageBody.Write(MessageBodyFields.Of(request, plan, inPayload: true), writer);
        Assert.Equal("01000800000338" + "87499CDF0A000000" + "5374726F77676572" + "024869", Convert.ToHexString(writer.WrittenSpan));
        Assert.True(MessageBodyReader.TryRead(writer.WrittenSpan, out var body, out _));
        Assert.Equal((true, 3), (body.InPayload, body.Plan.Parts));
    }

    [Fact]
    public void National_tables_come_back_and_are_read_for_ever()
    {
        var request = Request("""{"to":"+46701234567","from":"Strowger","text":"Hi"}""");
        var plan = MessageEncoder.Plan(request.Text, EncodeOptions.Default, []) with { SingleShift = 3, LockingShift = 3 };
        var writer = new ArrayBufferWriter<byte>();
        MessageBody.Write(MessageBodyFields.Of(request, plan), writer);
        Assert.Equal("01001000000138" + "87499CDF0A000000" + "5374726F77676572" + "024869" + "33", Convert.ToHexString(writer.WrittenSpan));
        Assert.True(MessageBodyReader.TryRead(writer.WrittenSpan, out var body, out _));
        Assert.Equal((3, 3), (body.Plan.SingleShift, body.Plan.LockingShift));
        Assert.False(MessageBodyReader.TryRead(writer.WrittenSpan[..^1], out _, out var error));
        Assert.Equal(MessageBodyError.Truncated, error);
        Assert.False(MessageBodyReader.TryRead([.. writer.WrittenSpan[..^1], 0], out _, out error));
        Assert.Equal(MessageBodyError.Invalid, error);
    }

    [Fact]
    public void A_typical_body_is_small()
    {
        var request = Request("""{"to":"+46701234567","from":"Strowger","text":"Your code is 123456"}""");
        var buffer = new byte[200];
        Assert.Equal(15 + 8 + 1 + 19, MessageBody.Write(MessageBodyFields.Of(request, MessageEncoder.Plan(request.Text, EncodeOptions.Default, [])), buffer));
    }

    [Fact]
    public void Any_fields_come_back()
    {
        var gen =
            from content in Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf()
            from big in Gen.Choose(0, 20000)
            from reference in Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf()
            from to in Gen.Choose(1_000_000, int.MaxValue)
            from parts in Gen.Choose(1, 255)
            from bits in Gen.Choose(0, 63)
            select (content, big, reference, to, parts, bits);
        Prop.ForAll(gen.ToArbitrary(), x =>
        {
            byte[] content = x.bits < 8 ? [.. x.content, .. new byte[x.big]] : x.content;
            Assert.True(Sender.TryParse("72456"u8, out var from, out _));
            var fields = new MessageBodyFields
            {
                To = new Msisdn((ulong)x.to),
                From = (x.bits & 1) != 0 ? from : default,
                Plan = new TextPlan { Encoding = (TextEncoding)(x.bits & 3), DataCoding = (byte)x.to, Parts = x.parts, Packed = (x.bits & 4) != 0, Reference16 = (x.bits & 8) != 0, SingleShift = (byte)(x.parts & 3), LockingShift = (byte)(x.to & 3), ErrorIndex = -1 },
                InPayload = (x.bits & 32) != 0,
                Content = content,
                Reference = x.reference,
                Priority = (MessagePriority)(x.bits % 3),
                GeneratedAtMs = (x.bits & 16) != 0 ? x.to : null,
            };
            var buffer = new byte[MessageBody.MaxLength(fields)];
            var n = MessageBody.Write(fields, buffer);
            Assert.True(MessageBodyReader.TryRead(buffer.AsSpan(0, n), out var body, out _));
            Assert.Equal((fields.To, fields.From, fields.Plan, fields.Priority, fields.GeneratedAtMs), (body.To, body.From, body.Plan, body.Priority, body.GeneratedAtMs));
            Assert.Equal(fields.InPayload, body.InPayload);
            Assert.True(body.Content.SequenceEqual(content));
            Assert.True(body.Reference.SequenceEqual(x.reference));

            // Cut anywhere it is refused.
            for (var cut = 0; cut < Math.Min(n, 64); cut++)
            {
                Assert.False(MessageBodyReader.TryRead(buffer.AsSpan(0, cut), out _, out _));
            }

            return !MessageBodyReader.TryRead(buffer.AsSpan(0, n - 1), out _, out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(3, 7));
    }

    [Fact]
    public void Damage_and_newer_versions_are_refused()
    {
        Assert.False(MessageBodyReader.TryRead([], out _, out var error));
        Assert.Equal(MessageBodyError.Truncated, error);
        Assert.False(MessageBodyReader.TryRead([2, 0, 0], out _, out error));
        Assert.Equal(MessageBodyError.UnknownVersion, error);
        Assert.False(MessageBodyReader.TryRead([0], out _, out error));
        Assert.Equal(MessageBodyError.Invalid, error);

        var request = Request(Json);
        var writer = new ArrayBufferWriter<byte>();
        MessageBody.Write(MessageBodyFields.Of(request, MessageEncoder.Plan(request.Text, EncodeOptions.Default, [])), writer);
        Assert.False(MessageBodyReader.TryRead([.. writer.WrittenSpan, 0], out _, out error));
        Assert.Equal(MessageBodyError.Invalid, error);
        var random = new Random(5);
        for (var i = 0; i < 200_000; i++)
        {
            var damaged = writer.WrittenSpan.ToArray();
            for (var j = random.Next(1, 5); j > 0; j--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var ok = MessageBodyReader.TryRead(damaged.AsSpan(0, i % 2 == 0 ? damaged.Length : random.Next(damaged.Length)), out var body, out error);
            Assert.Equal(ok, error == MessageBodyError.None);
            Assert.True(!ok || body.To.IsValid);
        }
    }

    private static MessageRequest Request(string json)
    {
        var request = new MessageRequest();
        Assert.True(MessageRequestParser.TryParse(Encoding.UTF8.GetBytes(json), request, out _));
        return request;
    }

    private static string Utf8(ReadOnlySpan<byte> octets) => Encoding.UTF8.GetString(octets);
}

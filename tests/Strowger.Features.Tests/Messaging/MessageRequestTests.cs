using System.Text;
using Strowger.Features.Messaging;
using Strowger.Smpp.Text;

namespace Strowger.Features.Tests.Messaging;

public sealed class MessageRequestTests
{
    private readonly MessageRequest _request = new();

    [Fact]
    public void Every_field_is_read()
    {
        const string Json = """
            {"to":"+46701234567","from":"Strowger","text":"Hi \u00e5\ud83d\ude00 \"x\"","channel":"carrier-a","priority":"urgent","send_at":"2026-05-17T14:03:21+02:00",
             "expires_in":600,"generated_at":"2026-05-17T12:00:00.250Z","callback_url":"https://example.org/cb","reference":"r\u00e9f","campaign":"spring","tlvs":{"0x1400":"0a0B","1401":""}}
            """;
        Assert.Null(Parse(Json));
        Assert.Equal("+46701234567", _request.To.ToString());
        Assert.Equal("Strowger", _request.From.ToString());
        Assert.Equal("Hi å\U0001F600 \"x\"", _request.Text.ToString());
        Assert.Equal("Hi å\U0001F600 \"x\"", Utf8(_request.TextUtf8));
        Assert.Equal(("carrier-a", "réf", "spring"), (Utf8(_request.Channel), Utf8(_request.Reference), Utf8(_request.Campaign)));
        Assert.Equal("https://example.org/cb", Utf8(_request.CallbackUrl));
        Assert.Equal(MessagePriority.Urgent, _request.Priority);
        Assert.Equal(DateTimeOffset.Parse("2026-05-17T12:03:21Z", null).ToUnixTimeMilliseconds(), _request.SendAtMs);
        Assert.Equal(DateTimeOffset.Parse("2026-05-17T12:00:00.25Z", null).ToUnixTimeMilliseconds(), _request.GeneratedAtMs);
        Assert.Equal(600, _request.ExpiresInSeconds);
        Assert.Equal("140000020A0B14010000", Convert.ToHexString(_request.Tlvs));

        // Nothing of it stays for the next.
        Assert.Null(Parse("""{"to":"46701234567","from":"72456","data_hex":"00fFA1"}"""));
        Assert.True(_request.IsData);
        Assert.Equal("00FFA1", Convert.ToHexString(_request.Data));
        Assert.True(_request.Text.IsEmpty && _request.Channel.IsEmpty && _request.Tlvs.IsEmpty && _request.Reference.IsEmpty);
        Assert.Null(_request.Priority);
        Assert.Null(_request.SendAtMs);
        Assert.Null(Parse("""{"to":"46701234567","from":"72456","text":"x","channel":null,"data_hex":null,"tlvs":null}"""));
        Assert.Null(Parse("""{"\u0074o":"46701234567","from":"72456","text":"x"}"""));
    }

    [Theory]
    [InlineData("""{"from":"A","text":"x"}""", "missing_field", "to")]
    [InlineData("""{"to":null,"from":"A","text":"x"}""", "missing_field", "to")]
    [InlineData("""{"to":"46701234567","text":"x"}""", "missing_field", "from")]
    [InlineData("""{"to":"46701234567","from":"A"}""", "missing_field", "text")]
    [InlineData("""{"to":"46701234567","from":"A","text":"x","data_hex":"00"}""", "text_and_data", "text")]
    [InlineData("""{"to":"46701234567","from":"A","text":"x","txt":"y"}""", "unknown_field", "txt")]
    [InlineData("""{"to":"46701234567","to":"46701234567"}""", "duplicate_field", "to")]
    [InlineData("""{"to":46701234567}""", "wrong_type", "to")]
    [InlineData("""{"to":["46701234567"]}""", "wrong_type", "to")]
    [InlineData("""{"text":true}""", "wrong_type", "text")]
    [InlineData("""{"text":{}}""", "wrong_type", "text")]
    [InlineData("""{"text":""}""", "empty", "text")]
    [InlineData("""{"text":"\ud83d"}""", "invalid_text", "text")]
    [InlineData("""{"to":"0701234567"}""", "invalid_number", "to")]
    [InlineData("""{"from":"@"}""", "invalid_sender", "from")]
    [InlineData("""{"data_hex":"0"}""", "invalid_hex", "data_hex")]
    [InlineData("""{"data_hex":"0g"}""", "invalid_hex", "data_hex")]
    [InlineData("""{"data_hex":""}""", "invalid_hex", "data_hex")]
    [InlineData("""{"channel":""}""", "invalid_channel", "channel")]
    [InlineData("""{"channel":"a b"}""", "invalid_channel", "channel")]
    [InlineData("""{"priority":"high"}""", "invalid_priority", "priority")]
    [InlineData("""{"expires_in":0}""", "out_of_range", "expires_in")]
    [InlineData("""{"expires_in":1.5}""", "out_of_range", "expires_in")]
    [InlineData("""{"expires_in":99999999999}""", "out_of_range", "expires_in")]
    [InlineData("""{"expires_in":"60"}""", "wrong_type", "expires_in")]
    [InlineData("""{"send_at":"2026-05-17T14:03:21"}""", "invalid_time", "send_at")]
    [InlineData("""{"send_at":"tomorrow"}""", "invalid_time", "send_at")]
    [InlineData("""{"send_at":"1999-05-17T14:03:21Z"}""", "invalid_time", "send_at")]
    [InlineData("""{"generated_at":1715940201}""", "wrong_type", "generated_at")]
    [InlineData("""{"callback_url":"ftp://x/"}""", "invalid_url", "callback_url")]
    [InlineData("""{"callback_url":"/cb"}""", "invalid_url", "callback_url")]
    [InlineData("""{"tlvs":[]}""", "wrong_type", "tlvs")]
    [InlineData("""{"tlvs":{"0x14000":"00"}}""", "invalid_tlv", "tlvs")]
    [InlineData("""{"tlvs":{"zz":"00"}}""", "invalid_tlv", "tlvs")]
    [InlineData("""{"tlvs":{"1400":"0"}}""", "invalid_tlv", "tlvs")]
    [InlineData("""{"tlvs":{"1400":5}}""", "invalid_tlv", "tlvs")]
    [InlineData("""{"tlvs":{"1400":"00","0x1400":"00"}}""", "invalid_tlv", "tlvs")]
    [InlineData("""{"tlvs":{"0x0424":"00"}}""", "invalid_tlv", "tlvs")]
    [InlineData("[]", "wrong_type", null)]
    [InlineData("\"x\"", "wrong_type", null)]
    public void Mistakes_name_the_field_and_what_is_allowed(string json, string code, string? field)
    {
        var error = Parse(json)!;
        Assert.Equal((422, code, field), (error.Status, error.Code, error.Field));
        Assert.Matches("allowed|known|fields", error.Detail);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("{", 1)]
    [InlineData("{\"to\":", 6)]
    [InlineData("{\"to\":x", 6)]
    [InlineData("{\n  \"to\": tru", 13)]
    [InlineData("""{"to":"46701234567","from":"A","text":"x"} {}""", 43)]
    [InlineData("""{"to":"46701234567","from":"A","text":"x",}""", 42)]
    [InlineData("{\"text\":\"a\nb\"}", 10)]
    public void Malformed_json_says_where(string json, int position)
    {
        var error = Parse(json)!;
        Assert.Equal((400, "malformed_json"), (error.Status, error.Code));
        Assert.Contains($"octet {position}:", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_hold()
    {
        var at = new string('a', MessageLimits.MaxTextChars);
        Assert.Null(Parse(Text(at)));
        Assert.Equal("too_long", Parse(Text(at + "a"))!.Code);
        Assert.Equal("too_long", Parse($$"""{"reference":"{{new string('r', 129)}}"}""")!.Code);
        Assert.Equal("too_long", Parse($$"""{"campaign":"{{new string('r', 65)}}"}""")!.Code);
        Assert.Equal("too_long", Parse($$"""{"callback_url":"http://x/{{new string('r', 2048)}}"}""")!.Code);
        Assert.Equal("invalid_tlv", Parse($$$"""{"tlvs":{"1400":"{{{new string('0', 2048)}}}"}}""")!.Code);
        Assert.Equal((413, "line_too_long"), (Parse(Text(new string('a', 65536)))!.Status, Parse(Text(new string('a', 65536)))!.Code));

        static string Text(string text) => $$"""{"to":"46701234567","from":"A","text":"{{text}}"}""";
    }

    [Fact]
    public void Ill_formed_utf8_is_refused()
    {
        byte[] json = [.. "{\"text\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        Assert.False(MessageRequestParser.TryParse(json, _request, out var error));
        Assert.Equal((422, "invalid_text", "text"), (error!.Status, error.Code, error.Field));
    }

    [Fact]
    public void Plans_that_fail_become_errors()
    {
        var options = EncodeOptions.Default with { Alphabets = Alphabets.Gsm7 };
        var text = new string('a', 2000);
        var plan = MessageEncoder.Plan(text, options, []);
        Assert.Equal(("too_long", "text"), (RequestError.Of(plan, text, options)!.Code, RequestError.Of(plan, text, options)!.Field));
        plan = MessageEncoder.Plan("abя", options, []);
        Assert.Contains("U+044F at 2", RequestError.Of(plan, "abя", options)!.Detail, StringComparison.Ordinal);
        Assert.Null(RequestError.Of(MessageEncoder.Plan("ab", options, []), "ab", options));
    }

    [Fact]
    public void A_typical_line_allocates_nothing()
    {
        var json = """{"to":"+46701234567","from":"+46850000000","text":"Your code is 123456","callback_url":"https://example.org/cb","priority":"urgent"}"""u8.ToArray();
        var before = 0L;
        for (var i = 0; i < 50; i++)
        {
            Assert.True(MessageRequestParser.TryParse(json, _request, out _));
            before = i == 9 ? GC.GetAllocatedBytesForCurrentThread() : before;
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Mutated_json_never_fails_otherwise()
    {
        var random = new Random(11);
        var source = Encoding.UTF8.GetBytes("""{"to":"+46701234567","from":"Strowger","text":"Hi \u00e5 \ud83d\ude00","priority":"urgent","expires_in":600,"send_at":"2026-05-17T14:03:21Z","tlvs":{"0x1400":"0a0b"},"data_hex":"00"}""");
        var buffer = new byte[source.Length];
        for (var i = 0; i < 30_000; i++)
        {
            source.CopyTo(buffer, 0);
            for (var j = random.Next(0, 6); j > 0; j--)
            {
                var at = random.Next(buffer.Length);
                buffer[at] = random.Next(3) == 0 ? (byte)random.Next(256) : buffer[random.Next(buffer.Length)];
            }

            var from = i % 4 == 0 ? random.Next(buffer.Length) : 0;
            var ok = MessageRequestParser.TryParse(buffer.AsSpan(from, i % 3 == 0 ? random.Next(buffer.Length - from) : buffer.Length - from), _request, out var error);
            Assert.Equal(ok, error is null);
        }
    }

    private RequestError? Parse(string json) => MessageRequestParser.TryParse(Encoding.UTF8.GetBytes(json), _request, out var error) ? null : error;

    private static string Utf8(ReadOnlySpan<byte> octets) => Encoding.UTF8.GetString(octets);
}

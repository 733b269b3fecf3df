using System.Text;

namespace Strowger.Load.Fuzzing;

/// <summary>Good requests: every field, every kind of value.</summary>
internal static class JsonSeeds
{
    private static readonly string[] _messages =
    [
        """{"to":"+46701234567","from":"Strowger","text":"Hello"}""",
        """{"to":"46701234567","from":"12345","text":"Gr\u00fc\u00dfe \ud83d\ude00 \"quoted\" \\ \/ \n","priority":"urgent","expires_in":300}""",
        """{"to":"46701234567","from":"+46707654321","data_hex":"00FFab12","channel":"carrier-a","priority":"bulk","reference":"order 17"}""",
        """{ "to" : "46701234567" , "from" : "Bank", "text" : "Привет, мир", "send_at" : "2026-11-20T18:40:23Z", "generated_at":"2026-11-20T18:40:20.123+02:00" }""",
        """{"to":"46701234567","from":"Bank","text":"x","callback_url":"https://example.com/cb?id=1","tlvs":{"0x1401":"CAFE","5122":""},"reference":null}""",
    ];

    public static byte[][] Messages() => [.. _messages.Select(Encoding.UTF8.GetBytes)];

    public static byte[][] Batches() => [.. new[]
    {
        string.Join('\n', _messages) + "\n",
        string.Join("\r\n", _messages),
        "[" + string.Join(",\n ", _messages) + "]",
        "\uFEFF\n\n" + _messages[0] + "\n\n" + _messages[1],
        "[{},[],\"]\",1,null,{\"a\":[1,2,{\"b\":\"}\\\"\"}]}]",
    }.Select(Encoding.UTF8.GetBytes)];
}

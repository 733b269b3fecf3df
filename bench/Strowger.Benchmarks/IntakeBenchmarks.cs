using BenchmarkDotNet.Attributes;
using Strowger.Features.Messaging;
using Strowger.Smpp.Text;

namespace Strowger.Benchmarks;

/// <summary>One message from JSON to the body of its job, and that body read.</summary>
public class IntakeBenchmarks
{
    private readonly byte[] _json = """{"to":"46701234567","from":"Strowger","text":"Your code is 123456. Do not share it","priority":"urgent","reference":"order-17"}"""u8.ToArray();
    private readonly MessageRequest _request = new();
    private readonly ushort[] _ends = new ushort[TextLimits.MaxParts];
    private readonly byte[] _target = new byte[1024];
    private byte[] _body = [];

    [GlobalSetup]
    public void Setup()
    {
        if (!ParseJson())
        {
            throw new InvalidOperationException("The sample is refused.");
        }

        _body = _target[..WriteBody()];
    }

    [Benchmark]
    public bool ParseJson() => MessageRequestParser.TryParse(_json, _request, out _);

    [Benchmark]
    public int WriteBody() => MessageBody.Write(MessageBodyFields.Of(_request, MessageEncoder.Plan(_request.Text, EncodeOptions.Default, _ends)), _target);

    [Benchmark]
    public int ReadBody() => MessageBodyReader.TryRead(_body, out var message, out _) ? message.Content.Length : 0;
}

using Strowger.Features.Messaging;
using Strowger.Smpp.Text;

namespace Strowger.Load.Fuzzing;

/// <summary>One message as JSON: refused with a reason, or taken; what is taken is planned, kept as a body, and the body says the same.</summary>
internal sealed class JsonFuzz : FuzzTarget
{
    private readonly MessageIntakePath _path = new();

    public override string Name => "JSON intake";

    public override IReadOnlyList<byte[]> Seeds { get; } = JsonSeeds.Messages();

    public override void Read(ReadOnlySpan<byte> input) => _path.Take(input);
}

/// <summary>From the octets of a request to the octets of a job, and back.</summary>
internal sealed class MessageIntakePath
{
    private readonly MessageRequest _request = new();
    private readonly ushort[] _ends = new ushort[TextLimits.MaxParts];
    private byte[] _body = new byte[4096];

    public void Take(ReadOnlySpan<byte> json)
    {
        if (!MessageRequestParser.TryParse(json, _request, out var error))
        {
            Require(error is { Status: >= 400 and < 500, Code.Length: > 0, Detail.Length: > 0 }, "a refusal says why");
            return;
        }

        Require(error is null, "what is taken has no error");
        var plan = _request.IsData ? MessageEncoder.PlanBinary(_request.Data.Length, EncodeOptions.Default) : MessageEncoder.Plan(_request.Text, EncodeOptions.Default, _ends);
        if (!plan.Ok)
        {
            return;
        }

        var fields = MessageBodyFields.Of(_request, plan);
        var most = MessageBody.MaxLength(fields);
        if (_body.Length < most)
        {
            _body = new byte[most];
        }

        var length = MessageBody.Write(fields, _body);
        Require(length <= most, "a body is no longer than was said");
        Require(MessageBodyReader.TryRead(_body.AsSpan(0, length), out var again, out _), "what was written is read");
        Require(again.To == _request.To && again.Content.SequenceEqual(_request.IsData ? _request.Data : _request.TextUtf8) && again.Reference.SequenceEqual(_request.Reference), "and says the same");
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException("Not so: " + what);
        }
    }
}

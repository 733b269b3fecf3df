using Strowger.Features.Messaging;
using Strowger.Smpp.Text;

namespace Strowger.Load.Fuzzing;

/// <summary>The body of a job as the messaging feature wrote it, damaged, or of another version.</summary>
internal sealed class BodyFuzz : FuzzTarget
{
    private readonly byte[] _part = new byte[TextLimits.MaxPartOctets];
    private long _sink;

    public override string Name => "message body";

    public override IReadOnlyList<byte[]> Seeds { get; } = [.. MakeSeeds()];

    public override void Read(ReadOnlySpan<byte> input)
    {
        if (!MessageBodyReader.TryRead(input, out var message, out var error))
        {
            Require(error != MessageBodyError.None, "a refusal says why");
            return;
        }

        Require(message.Content.Length <= input.Length && message.To.IsValid, "what is read lies within the body");
        _sink += message.Reference.Length + message.Campaign.Length + message.CallbackUrl.Length + message.Channel.Length + message.Tlvs.Length + (message.GeneratedAtMs ?? 0);
        if (message.IsData && message.Plan is { Ok: true, Parts: 1 } && message.Content.Length <= TextLimits.Octets)
        {
            _sink += PartWriter.WriteBinaryPart(message.Plan, message.Content, 0, 1, _part, out _);
        }
    }

    private static IEnumerable<byte[]> MakeSeeds()
    {
        var request = new MessageRequest();
        var ends = new ushort[TextLimits.MaxParts];
        foreach (var json in JsonSeeds.Messages())
        {
            if (!MessageRequestParser.TryParse(json, request, out var error))
            {
                throw new InvalidOperationException(error!.ToString());
            }

            var plan = request.IsData ? MessageEncoder.PlanBinary(request.Data.Length, EncodeOptions.Default) : MessageEncoder.Plan(request.Text, EncodeOptions.Default, ends);
            yield return Written(MessageBodyFields.Of(request, plan));
            yield return Written(MessageBodyFields.Of(request, plan with { SingleShift = 3, LockingShift = 3 }, "17"u8, inPayload: true));
        }
    }

    private static byte[] Written(in MessageBodyFields fields)
    {
        var body = new byte[MessageBody.MaxLength(fields)];
        return body[..MessageBody.Write(fields, body)];
    }
}

using System.Text;

namespace Strowger.Features.Jobs;

/// <summary>
/// What stands beside a job's body in its record, so that a job is known for what it is however old (docs/formats/job.md):
/// <code>u8 version, u8 kind of the body (0 JSON, 1 octets), u8 length, queue, u8 length, flow, headers as a JSON object or nothing</code>
/// </summary>
public readonly ref struct JobEnvelope
{
    /// <summary>No JSON begins with it: headers of other features do.</summary>
    public const byte Version = 1;

    private const int FixedBytes = 4;

    public bool IsOctets { get; init; }

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Queue { get; init; }

    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> Flow { get; init; }

    /// <summary>A JSON object; empty when there are none.</summary>
    public ReadOnlySpan<byte> Headers { get; init; }

    public static byte[] Write(bool isOctets, string queue, string flow, ReadOnlySpan<byte> headers)
    {
        var queueLength = Encoding.UTF8.GetByteCount(queue);
        var flowLength = Encoding.UTF8.GetByteCount(flow);
        var bytes = new byte[FixedBytes + queueLength + flowLength + headers.Length];
        bytes[0] = Version;
        bytes[1] = isOctets ? (byte)1 : (byte)0;
        bytes[2] = (byte)queueLength;
        Encoding.UTF8.GetBytes(queue, bytes.AsSpan(3));
        bytes[3 + queueLength] = (byte)flowLength;
        Encoding.UTF8.GetBytes(flow, bytes.AsSpan(FixedBytes + queueLength));
        headers.CopyTo(bytes.AsSpan(FixedBytes + queueLength + flowLength));
        return bytes;
    }

    /// <summary>False when it is no envelope, or of a newer version.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out JobEnvelope envelope)
    {
        envelope = default;
        if (from.Length < FixedBytes || from[0] != Version || from[1] > 1 || from.Length < FixedBytes + from[2])
        {
            return false;
        }

        var flowAt = FixedBytes + from[2];
        int flowLength = from[flowAt - 1];
        if (from.Length < flowAt + flowLength)
        {
            return false;
        }

        envelope = new JobEnvelope
        {
            IsOctets = from[1] == 1,
            Queue = from.Slice(3, from[2]),
            Flow = from.Slice(flowAt, flowLength),
            Headers = from[(flowAt + flowLength)..],
        };
        return true;
    }
}
